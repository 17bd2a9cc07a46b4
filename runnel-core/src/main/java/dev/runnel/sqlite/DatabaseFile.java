package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The database file itself, open to be read beside SQLite. It takes no lock and keeps none. Used by one thread at a time;
 * closed after every connection of ours to the same file.
 */
public final class DatabaseFile implements Closeable {
    private static final long SHARED_LOCK_START = 0x40000002L;
    private static final long SHARED_LOCK_SIZE = 510;

    /** One read fetches at most this much: a page of any size fits, and every attached database keeps room for it. */
    private static final int LARGEST_READ = 1 << 16;

    private final Path path;
    private final Descriptors descriptors;
    private final Arena arena;
    private final MemorySegment buffer;
    private final PosixFile file;
    private final FileIdentity opened;
    private final DatabaseHeader header;

    /** Opens the file that has this name now. */
    public static DatabaseFile open(Path path, Descriptors descriptors) throws IOException {
        FileIdentity opened = FileIdentity.of(path);
        PosixFile file = descriptors.open(path);
        Arena arena = Arena.ofShared();
        boolean done = false;
        try {
            DatabaseFile database = new DatabaseFile(path, descriptors, arena, file, opened);
            done = true;
            return database;
        } finally {
            if (!done) {
                descriptors.release(file);
                arena.close();
            }
        }
    }

    private DatabaseFile(Path path, Descriptors descriptors, Arena arena, PosixFile file, FileIdentity opened)
            throws IOException {
        this.path = path;
        this.descriptors = descriptors;
        this.arena = arena;
        this.buffer = arena.allocate(LARGEST_READ, 4096);
        this.file = file;
        this.opened = opened;
        this.header = currentHeader();
    }

    public Path path() {
        return path;
    }

    /** The file that was opened; size and time as of then. */
    public FileIdentity opened() {
        return opened;
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
                .orElseThrow(() -> new SourceException.NotADatabase(path, DatabaseHeader.fault(start)));
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
            return Files.size(SourceFiles.walPath(path)) > 0;
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
        return (int) (Files.size(path) / pageSize());
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
            throw new SourceException.MissingPage(path + ": page " + (first + found / pageSize())
                    + " is part of the database, and neither the WAL nor the file has it");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset, (int) length);
    }

    /** Waits until what anybody has written to it is on the disk. */
    void sync() throws IOException {
        file.sync();
    }

    /** Whether the name still leads to the file that was opened. */
    public boolean isStillInPlace() throws IOException {
        return Files.exists(path) && FileIdentity.of(path).isSameFile(opened);
    }

    /** Whether another process has the database open in WAL mode. In this process's own connections it does not see. */
    boolean isOpenElsewhere() throws IOException {
        return descriptors.embedding() == Embedding.EMBEDDED
                || file.isLockedByAnotherProcess(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    Descriptors descriptors() {
        return descriptors;
    }

    @Override
    public void close() throws IOException {
        descriptors.release(file);
        arena.close();
    }
}
