package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A database file that is to be replaced, held so that no process can begin to use it. It takes the lock that SQLite calls
 * EXCLUSIVE, and the lock of the wal-index that every connection in WAL mode holds for as long as it is open; so it is
 * refused beside any such connection. A connection in rollback mode has no lock between transactions: it is found by its
 * descriptor (see {@link OpenElsewhere}). One that is opened by a process that cannot be seen, after the check, is not.
 *
 * <p>For a process that does not use the database itself: taking the lock, and closing this, drops SQLite's own locks.
 */
public final class LockedDatabase implements Closeable {
    private static final long PENDING_BYTE = 0x40000000L;

    /** PENDING, RESERVED and the bytes of SHARED. */
    private static final long LOCK_SIZE = 512;

    /** Of the wal-index: eight locks of the WAL, and the one that connections hold while they are open. */
    private static final long INDEX_LOCKS = 120;

    private static final long INDEX_LOCKS_SIZE = 9;

    private final Path path;
    private final FileIdentity identity;
    private final List<FileChannel> channels = new ArrayList<>();
    private final Optional<FileChannel> writable;

    /** What comes of an attempt to lock. */
    public sealed interface Attempt {
        record Locked(LockedDatabase database) implements Attempt {}

        /** @param holder who uses the database, in words */
        record InUse(String holder) implements Attempt {}
    }

    private LockedDatabase(Path path) throws IOException {
        this.path = path;
        this.identity = FileIdentity.of(path);
        this.writable = open(path);
    }

    /**
     * Locks the database that has this name now.
     *
     * @param path leads to the file without a symbolic link in its last part
     * @throws NoSuchFileException if there is none
     */
    public static Attempt lock(Path path) throws IOException {
        List<FileIdentity> files = identities(path);
        if (OpenElsewhere.isOpenHere(files)) {
            return new Attempt.InUse("this process itself");
        }
        Optional<String> holder = OpenElsewhere.holder(path, files);
        if (holder.isPresent()) {
            return new Attempt.InUse(holder.get());
        }
        LockedDatabase database = new LockedDatabase(path);
        boolean locked = false;
        try {
            locked = database.lockAll();
        } finally {
            if (!locked) {
                database.close();
            }
        }
        return locked
                ? new Attempt.Locked(database)
                : new Attempt.InUse("another process, which holds SQLite's locks on it");
    }

    /** The database, and those of its files that a connection keeps open. */
    private static List<FileIdentity> identities(Path path) throws IOException {
        List<FileIdentity> found = new ArrayList<>();
        found.add(FileIdentity.of(path));
        for (Path beside : List.of(SourceFiles.walPath(path), SourceFiles.walIndexPath(path))) {
            if (Files.exists(beside)) {
                found.add(FileIdentity.of(beside));
            }
        }
        return found;
    }

    private boolean lockAll() throws IOException {
        if (!lock(writable, PENDING_BYTE, LOCK_SIZE)) {
            return false;
        }
        Path index = SourceFiles.walIndexPath(path);
        return !Files.exists(index) || lock(open(index), INDEX_LOCKS, INDEX_LOCKS_SIZE);
    }

    /** True also for a file that this user may only read: nothing can be locked there then. */
    private static boolean lock(Optional<FileChannel> channel, long start, long size) throws IOException {
        try {
            return channel.isEmpty() || channel.get().tryLock(start, size, false) != null;
        } catch (OverlappingFileLockException _) {
            return false;
        }
    }

    /** Empty if this user may not write to the file. */
    private Optional<FileChannel> open(Path file) throws IOException {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channels.add(channel);
            return Optional.of(channel);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (AccessDeniedException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            if (Files.isReadable(file)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Whether the name still leads to the file that is locked. */
    public boolean isStillInPlace() throws IOException {
        return Files.exists(path) && FileIdentity.of(path).isSameFile(identity);
    }

    /** Whether its content can be replaced where it is. */
    public boolean isWritable() {
        return writable.isPresent();
    }

    /** Size in bytes, now. */
    public long size() throws IOException {
        return Files.size(path);
    }

    /** Writes the whole buffer. */
    public void write(ByteBuffer from, long position) throws IOException {
        FileChannel channel = writable.orElseThrow();
        long next = position;
        while (from.hasRemaining()) {
            next += channel.write(from, next);
        }
    }

    /** Cuts it to a size, if it is larger, and makes its content durable. */
    public void finish(long size) throws IOException {
        writable.orElseThrow().truncate(size).force(true);
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : channels.reversed()) {
            channel.close();
        }
        channels.clear();
    }
}
