package dev.runnel.testkit;

import dev.runnel.platform.DiskFile;
import dev.runnel.testkit.Faults.Need;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;

/** An open file of a {@link CrashDisk}. It stays good when its name is taken away, and dies with the power. */
final class CrashFile implements DiskFile {
    /** What it was opened for. */
    enum Access {
        READ,
        READ_AND_WRITE
    }

    private final CrashDisk disk;
    private final CrashNode node;
    private final Access access;
    private final int life;
    private boolean closed;

    CrashFile(CrashDisk disk, CrashNode node, Access access, int life) {
        this.disk = disk;
        this.node = node;
        this.access = access;
        this.life = life;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        return disk.step(Need.NOTHING, () -> live().read(into, position));
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        disk.write(this::writable, from, position);
    }

    @Override
    public void setSize(long size) throws IOException {
        disk.step(Need.ROOM, () -> {
            writable().setSize(size, disk.now());
            return size;
        });
    }

    @Override
    public long size() throws IOException {
        return disk.step(Need.NOTHING, () -> live().size());
    }

    @Override
    public void sync() throws IOException {
        disk.sync(this::live);
    }

    @Override
    public boolean tryLock() {
        return disk.locked(() -> isLive() && node.lockFor(this));
    }

    /** Whether the process that opened it still has it open. Call it under the lock of the disk. */
    boolean isLive() {
        return !closed && life == disk.life();
    }

    @Override
    public void close() {
        disk.locked(() -> {
            closed = true;
        });
    }

    private CrashNode writable() throws IOException {
        if (access == Access.READ) {
            throw new NonWritableChannelException();
        }
        return live();
    }

    private CrashNode live() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (life != disk.life()) {
            throw new IOException("opened by a process that is gone");
        }
        return node;
    }
}
