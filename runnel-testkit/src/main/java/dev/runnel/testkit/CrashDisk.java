package dev.runnel.testkit;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import dev.runnel.testkit.CrashFile.Access;
import dev.runnel.testkit.Faults.Need;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A disk in memory whose power can be cut, and whose every operation can be made to fail.
 *
 * <p>It promises what POSIX promises and nothing more. What was written is durable after {@link DiskFile#sync}; a name
 * that was given, moved or taken away is durable after {@link #syncFolder} of its folder. Until then each change is
 * pending, and {@link #crash} keeps some of them: any subset of the changed names, and of the written bytes any subset of
 * the sectors, so that writes are torn and reordered. Folders are durable at once.
 *
 * <p>Every call of a method of this disk or its files counts as one operation, publishing as the two or three it
 * consists of. {@link #failAt} and {@link #failFrom} say which of them fail. A write that fails has written half. After a
 * sync that failed for an error of the device, what it was to make durable is still read, but no later sync saves it.
 *
 * <p>Safe for use by several threads.
 */
public final class CrashDisk implements Disk {
    /** What an operation fails with. */
    public enum Fault {
        /** The device fails. */
        INPUT_OUTPUT_ERROR("Input/output error"),
        /** There is no room. Hits only operations that need some. */
        DISK_FULL("No space left on device"),
        /** The power is gone. For {@link #failFrom}, followed by {@link #crash}. */
        POWER_LOSS("Power lost");

        private final String message;

        Fault(String message) {
            this.message = message;
        }

        String message() {
            return message;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    private final Faults faults = new Faults();
    private final Set<Path> folders = new HashSet<>();
    private final List<NameChange> pending = new ArrayList<>();
    private Map<Path, CrashNode> durable = new TreeMap<>();
    private Map<Path, CrashNode> seen = new TreeMap<>();
    private int life;

    /** An empty disk; the clock gives the times of its files. */
    public CrashDisk(Clock clock) {
        this.clock = clock;
    }

    /** The number of operations so far, failed ones included. */
    public long operations() {
        return locked(faults::operations);
    }

    /** Lets one operation fail, the {@code n}-th from now, counted from 1. */
    public void failAt(long n, Fault fault) {
        locked(() -> faults.fail(n, 1, fault));
    }

    /** Lets the {@code n}-th operation from now fail, and all after it until {@link #heal}. */
    public void failFrom(long n, Fault fault) {
        locked(() -> faults.fail(n, Long.MAX_VALUE / 2, fault));
    }

    /** No operation fails any more. */
    public void heal() {
        locked(faults::heal);
    }

    /**
     * Cuts the power and comes up again with what was durable and a part of what was pending, chosen by the seed. Files
     * that were open are dead. Nothing fails afterwards.
     */
    public void crash(long seed) {
        lock.lock();
        try {
            faults.heal();
            Random random = new Random(seed);
            Survival names = Survival.choose(random);
            Survival sectors = Survival.choose(random);
            for (NameChange change : pending) {
                if (names.keeps(random)) {
                    change.applyTo(durable);
                }
            }
            pending.clear();
            seen = new TreeMap<>(durable);
            for (CrashNode node : new HashSet<>(seen.values())) {
                node.crash(sectors, random);
            }
            life++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the process, as {@code kill -9} does: files that were open are dead and their locks are free, and whatever was
     * written stays as it is. Nothing fails afterwards. To end it in the middle of an operation, let everything fail from
     * there on, and call this when the operation has given up.
     */
    public void kill() {
        locked(() -> {
            faults.heal();
            life++;
        });
    }

    /** The names of all files, as programs see them. Not an operation. */
    public Set<Path> names() {
        return locked(() -> Set.copyOf(seen.keySet()));
    }

    /** What a file contains, as programs see it. Not an operation. */
    public byte[] bytes(Path file) throws IOException {
        lock.lock();
        try {
            return existing(file).bytes();
        } finally {
            lock.unlock();
        }
    }

    /** What another program leaves: a file with a content, durable, in the place of any other. Not an operation. */
    public void put(Path file, byte[] bytes) {
        locked(() -> {
            Path path = normal(file);
            CrashNode node = new CrashNode(clock.now());
            node.write(0, bytes, clock.now());
            node.sync();
            for (Path folder = parent(path); folder != null; folder = folder.getParent()) {
                folders.add(folder);
            }
            seen.put(path, node);
            durable.put(path, node);
        });
    }

    /** Makes everything durable, as machines do by themselves after a while. */
    public void writeBack() {
        locked(() -> {
            pending.forEach(change -> change.applyTo(durable));
            pending.clear();
            durable.values().forEach(CrashNode::sync);
        });
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return step(Need.ROOM, () -> {
            Path path = inFolder(file);
            if (seen.containsKey(path) || folders.contains(path)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            CrashNode node = new CrashNode(clock.now());
            change(NameChange.add(parent(file), path, node));
            return new CrashFile(this, node, Access.READ_AND_WRITE, life);
        });
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return step(Need.NOTHING, () -> new CrashFile(this, existing(file), Access.READ_AND_WRITE, life));
    }

    @Override
    public DiskFile openToRead(Path file) throws IOException {
        return step(Need.NOTHING, () -> new CrashFile(this, existing(file), Access.READ, life));
    }

    @Override
    public void publish(Path temp, Path target) throws IOException {
        step(Need.ROOM, () -> {
            CrashNode node = existing(temp);
            Path to = inFolder(target);
            return change(NameChange.move(parent(target), normal(temp), to, node));
        });
        syncFolder(parent(target));
    }

    @Override
    public void publishNew(Path temp, Path target) throws IOException {
        step(Need.ROOM, () -> {
            CrashNode node = existing(temp);
            Path to = inFolder(target);
            if (seen.containsKey(to) || folders.contains(to)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            return change(NameChange.add(parent(target), to, node));
        });
        delete(temp);
        syncFolder(parent(target));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        step(Need.NOTHING, () -> {
            Path path = normal(folder);
            if (!isFolder(path)) {
                throw new NoSuchFileException(folder.toString());
            }
            pending.removeIf(change -> {
                boolean here = change.folder().equals(path);
                if (here) {
                    change.applyTo(durable);
                }
                return here;
            });
            return path;
        });
    }

    @Override
    public void createFolders(Path folder) throws IOException {
        step(Need.ROOM, () -> {
            for (Path each = normal(folder); each != null; each = each.getParent()) {
                if (seen.containsKey(each)) {
                    throw new FileAlreadyExistsException(each.toString());
                }
                folders.add(each);
            }
            return folder;
        });
    }

    @Override
    public List<FileInfo> list(Path folder) throws IOException {
        return step(Need.NOTHING, () -> {
            Path path = normal(folder);
            List<FileInfo> found = new ArrayList<>();
            seen.forEach((name, node) -> {
                if (path.equals(name.getParent())) {
                    found.add(node.info(name));
                }
            });
            for (Path name : folders) {
                if (path.equals(name.getParent())) {
                    found.add(folderInfo(name));
                }
            }
            return found;
        });
    }

    @Override
    public Optional<FileInfo> stat(Path file) throws IOException {
        return step(Need.NOTHING, () -> {
            Path path = normal(file);
            CrashNode node = seen.get(path);
            if (node != null) {
                return Optional.of(node.info(path));
            }
            return isFolder(path) ? Optional.of(folderInfo(path)) : Optional.empty();
        });
    }

    @Override
    public void setTime(Path file, Instant time) throws IOException {
        step(Need.NOTHING, () -> {
            existing(file).setTime(time);
            return file;
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        step(Need.NOTHING, () -> {
            Path path = normal(file);
            CrashNode node = seen.get(path);
            if (node != null) {
                return change(NameChange.remove(parent(file), path, node));
            }
            if (folders.contains(path)) {
                if (folders.stream().anyMatch(each -> path.equals(each.getParent()))
                        || seen.keySet().stream().anyMatch(each -> path.equals(each.getParent()))) {
                    throw new DirectoryNotEmptyException(file.toString());
                }
                folders.remove(path);
            }
            return path;
        });
    }

    private NameChange change(NameChange change) {
        change.applyTo(seen);
        pending.add(change);
        return change;
    }

    private CrashNode existing(Path file) throws IOException {
        CrashNode node = seen.get(normal(file));
        if (node == null) {
            throw new NoSuchFileException(file.toString());
        }
        return node;
    }

    private Path inFolder(Path file) throws IOException {
        if (!isFolder(parent(file))) {
            throw new NoSuchFileException(file.toString());
        }
        return normal(file);
    }

    private boolean isFolder(Path path) {
        return folders.contains(path) || path.getParent() == null;
    }

    private FileInfo folderInfo(Path folder) {
        return new FileInfo(String.valueOf(folder.getFileName()), 0, Instant.EPOCH, true);
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(normal(file).getParent(), "the root is no file");
    }

    private static Path normal(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** What an operation does, under the lock. */
    interface Action<T> {
        T run() throws IOException;
    }

    <T> T step(Need need, Action<T> action) throws IOException {
        lock.lock();
        try {
            if (faults.hits(need)) {
                throw faults.failure();
            }
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Writes the buffer, or half of it if this is the operation to fail. */
    void write(Action<CrashNode> file, ByteBuffer from, long position) throws IOException {
        lock.lock();
        try {
            CrashNode node = file.run();
            boolean fails = faults.hits(Need.ROOM);
            byte[] bytes = new byte[fails ? from.remaining() / 2 : from.remaining()];
            from.get(bytes);
            node.write(position, bytes, now());
            if (fails) {
                throw faults.failure();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes a file durable; if this is the operation to fail, what it was to make durable never will be. */
    void sync(Action<CrashNode> file) throws IOException {
        lock.lock();
        try {
            CrashNode node = file.run();
            if (faults.hits(Need.NOTHING)) {
                faults.failedSync(node);
                throw faults.failure();
            }
            node.sync();
        } finally {
            lock.unlock();
        }
    }

    int life() {
        return life;
    }

    Instant now() {
        return clock.now();
    }

    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
