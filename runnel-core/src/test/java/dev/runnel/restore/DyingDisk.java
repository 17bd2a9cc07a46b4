package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The machine's disk, which fails at one step, or from one step on as if the process had been killed there. It can also
 * refuse to rename anything to one name, as for a file that is mounted.
 */
final class DyingDisk implements Disk {
    private final Disk disk = Disk.system();
    private final long at;
    private final Mode mode;
    private final Optional<Path> mounted;
    private long steps;

    enum Mode {
        FAILS_ONCE,
        DIES
    }

    /** What a step throws that is not done. */
    static final class Died extends IOException {
        private static final long serialVersionUID = 1L;

        Died(String step) {
            super("at " + step);
        }
    }

    DyingDisk(long at, Mode mode, Optional<Path> mounted) {
        this.at = at;
        this.mode = mode;
        this.mounted = mounted;
    }

    boolean hasFailed() {
        return steps > at;
    }

    long steps() {
        return steps;
    }

    private void step(String what) throws Died {
        boolean fails = mode == Mode.DIES ? steps >= at : steps == at;
        steps++;
        if (fails) {
            throw new Died(what);
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        step("create " + file);
        return new OpenFile(disk.create(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        step("open " + file);
        return new OpenFile(disk.open(file));
    }

    @Override
    public DiskFile openToRead(Path file) throws IOException {
        step("open " + file);
        return new OpenFile(disk.openToRead(file));
    }

    @Override
    public void publish(Path temp, Path target) throws IOException {
        step("publish " + target);
        if (mounted.isPresent() && mounted.get().equals(target)) {
            throw new IOException("device or resource busy");
        }
        disk.publish(temp, target);
        step("sync after publish " + target);
    }

    @Override
    public void publishNew(Path temp, Path target) throws IOException {
        step("publish new " + target);
        Files.createLink(target, temp);
        step("take away " + temp);
        Files.delete(temp);
        step("sync after publish " + target);
    }

    @Override
    public void giveUsualMode(Path file) throws IOException {
        step("mode of " + file);
        disk.giveUsualMode(file);
    }

    @Override
    public OptionalInt userOf(Path file) throws IOException {
        return disk.userOf(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step("sync " + folder);
        disk.syncFolder(folder);
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        step("create " + folder);
        disk.createFolders(folder);
    }

    @Override
    public List<FileInfo> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public Optional<FileInfo> stat(Path file) throws IOException {
        if (mode == Mode.DIES) {
            step("stat " + file);
        }
        return disk.stat(file);
    }

    @Override
    public void setTime(Path file, Instant time) throws IOException {
        disk.setTime(file, time);
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete " + file);
        disk.delete(file);
    }

    private final class OpenFile implements DiskFile {
        private final DiskFile file;

        OpenFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            step("read");
            return file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            step("write");
            file.write(from, position);
        }

        @Override
        public void setSize(long size) throws IOException {
            step("set the size");
            file.setSize(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public boolean tryLock() {
            return file.tryLock();
        }

        @Override
        public void sync() throws IOException {
            step("sync");
            file.sync();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
