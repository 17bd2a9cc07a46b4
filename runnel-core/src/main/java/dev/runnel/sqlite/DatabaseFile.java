package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The database file itself, open to be read beside SQLite. It takes no lock and keeps none. Used by one thread at a time;
 * closed after every connection of ours to the same file.
 */
public final class DatabaseFile implements Closeable {
    /** Every connection in WAL mode holds a shared lock on these bytes from its first read until it is closed. */
    private static final long SHARED_LOCK_START = 0x40000002L;

    private static final long SHARED_LOCK_SIZE = 510;

    /** A byte that SQLite never locks, beyond what a file can hold: locked by each Runnel that follows the file. */
    private static final long FOLLOWER_LOCK = 1L << 61;

    /** One read fetches at most this much: a page of any size fits, and every attached database keeps room for it. */
    private static final int LARGEST_READ = 1 << 16;

    private final DatabaseName name;
    private final Descriptors descriptors;
    private final Arena arena;
    private final MemorySegment buffer;
    private final NamedFile opened;
    private final PosixFile file;
    private final DatabaseHeader header;

    /**
     * Opens the file that a configured name leads to now.
     *
     * @throws SourceException.FollowedElsewhere if another Runnel has it open to follow it
     */
    public static DatabaseFile open(Path configured, Descriptors descriptors) throws IOException {
        DatabaseName name = DatabaseName.resolve(configured);
        NamedFile opened = descriptors.open(name.real());
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            DatabaseFile database = new DatabaseFile(name, descriptors, arena, opened);
            database.requireToBeTheOnlyFollower();
            done = true;
            return database;
        } finally {
            if (!done) {
                descriptors.release(opened);
                arena.close();
            }
        }
    }

    private DatabaseFile(DatabaseName name, Descriptors descriptors, Arena arena, NamedFile opened) throws IOException {
        this.name = name;
        this.descriptors = descriptors;
        this.arena = arena;
        this.buffer = arena.allocate(LARGEST_READ, 4096);
        this.opened = opened;
        this.file = opened.file();
        this.header = currentHeader();
    }

    /** Both may find each other at the same time; then both give way and try again, each after a pause of its own. */
    private void requireToBeTheOnlyFollower() throws IOException {
        if (descriptors.embedding() == Embedding.EMBEDDED) {
            return;
        }
        if (!file.tryLockShared(FOLLOWER_LOCK, 1) || file.isLockedByAnotherOpenFile(FOLLOWER_LOCK, 1)) {
            throw new SourceException.FollowedElsewhere(name.configured());
        }
    }

    /** The configured name and the real one. */
    public DatabaseName name() {
        return name;
    }

    /** The real name, which SQLite is given. */
    public Path path() {
        return name.real();
    }

    /** The file that was opened; size and time as of then. */
    public FileIdentity opened() {
        return opened.identity();
    }

    /** The header at the time of opening. */
    public DatabaseHeader header() {
        return header;
    }

    /** The header as it is in the file now. */
    public DatabaseHeader currentHeader() throws IOException {
        int found = (int) file.read(buffer, DatabaseHeader.SIZE, 0);
        byte[] start = new byte[found];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, start, 0, found);
        return DatabaseHeader.parse(start)
                .orElseThrow(() -> new SourceException.NotADatabase(name.configured(), DatabaseHeader.fault(start)));
    }

    /** In bytes. */
    public int pageSize() {
        return header.pageSize();
    }

    /** Whether SQLite would read and write it through a WAL now: the header says so, or a WAL lies beside it. */
    public boolean isInWalMode() throws IOException {
        return currentHeader().isWal() || hasWal();
    }

    private boolean hasWal() throws IOException {
        try {
            // To SQLite an empty file is none.
            return Files.size(name.wal()) > 0;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /** Size of the database in pages where no WAL says. */
    public int pageCount() throws IOException {
        DatabaseHeader now = currentHeader();
        if (now.pageCount() > 0 && now.validFor() == now.changeCounter()) {
            return now.pageCount();
        }
        return (int) (Files.size(path()) / pageSize());
    }

    /**
     * Reads consecutive pages.
     *
     * @throws SourceException.MissingPage if the file ends before them
     */
    public void readPages(int first, int count, byte[] into, int offset) throws IOException {
        int atOnce = LARGEST_READ / pageSize();
        for (int done = 0; done < count; done += atOnce) {
            readPiece(first + done, Math.min(atOnce, count - done), into, offset + done * pageSize());
        }
    }

    private void readPiece(int first, int count, byte[] into, int offset) throws IOException {
        long length = (long) count * pageSize();
        long found = file.read(buffer, length, (long) (first - 1) * pageSize());
        if (found < length) {
            throw new SourceException.MissingPage(path() + ": page " + (first + found / pageSize())
                    + " is part of the database, and neither the WAL nor the file has it");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset, (int) length);
    }

    /** Waits until what anybody has written to it is on the disk. */
    void sync() throws IOException {
        file.sync();
    }

    /** Whether the configured name and the real one still lead to the file that was opened. */
    public boolean isStillInPlace() throws IOException {
        return name.leadsTo(opened.identity());
    }

    /** Whether the real name still leads to the file that was opened, whatever the configured one does. */
    boolean hasRealName() throws IOException {
        return opened.has(name.real());
    }

    /** The file that has the configured name now; empty if none has. */
    public Optional<FileIdentity> current() throws IOException {
        return FileIdentity.ifThere(name.configured());
    }

    /** @throws SourceException.Discontinuity if a name leads to another file, or to none */
    public void requireInPlace() throws IOException {
        if (!isStillInPlace()) {
            throw new SourceException.Discontinuity(
                    name.configured() + ": the file was replaced or removed while Runnel had it open");
        }
    }

    /**
     * Keeps SQLite, in this process and in others, from taking itself for the last one that has the database open: it then
     * backfills the WAL and deletes {@code -wal} and {@code -shm} by name, whatever has these names by now. Until
     * {@link #allowLastClose} or until this file is closed.
     *
     * @return false if a last close is under way
     */
    boolean preventLastClose() throws IOException {
        return preventLastClose(file);
    }

    /** The same for any file that may be a database. */
    static boolean preventLastClose(PosixFile file) throws IOException {
        return file.tryLockShared(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    void allowLastClose() throws IOException {
        allowLastClose(file);
    }

    static void allowLastClose(PosixFile file) throws IOException {
        file.unlock(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    /** Whether another process has the database open in WAL mode. In this process's own connections it does not see. */
    boolean isOpenElsewhere() throws IOException {
        return descriptors.embedding() == Embedding.EMBEDDED
                || file.isLockedByAnotherProcess(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    /** Whether it is certain that a connection of ours has read the file in WAL mode; one in another process may hide it. */
    boolean isOpenHere() throws IOException {
        return descriptors.embedding() == Embedding.ALONE
                && file.isLockedByThisProcess(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    Descriptors descriptors() {
        return descriptors;
    }

    @Override
    public void close() throws IOException {
        try {
            // A descriptor that is kept would keep its lock.
            allowLastClose();
        } finally {
            descriptors.release(opened);
            arena.close();
        }
    }
}
