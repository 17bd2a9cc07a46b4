package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The files of one live database in WAL mode, open side by side: the database, its WAL, its wal-index, and SQLite's
 * connections to it. Used by one thread at a time.
 *
 * <p>Connections are closed before descriptors, always.
 */
public final class SourceFiles implements Closeable {
    private static final long SHARED_LOCK_START = 0x40000002L;
    private static final long SHARED_LOCK_SIZE = 510;
    private static final int INDEX_TRIES = 1000;

    /** One read of the database file fetches at most this much. */
    public static final int LARGEST_READ = 1 << 20;

    private final Path database;
    private final Descriptors descriptors;
    private final Arena arena = Arena.ofShared();
    private final PosixFile file;
    private final FileIdentity opened;
    private final DatabaseHeader header;
    private final List<SqliteConnection> connections = new ArrayList<>();
    private final Duration busyTimeout;
    private final MemorySegment buffer;
    private final byte[] indexBytes = new byte[WalIndexHeader.SIZE];
    private final Optional<WalFiles> wal;

    private record WalFiles(PosixFile walIndex, PosixFile walFile, FileIdentity walIdentity, WalReader reader) {}

    /**
     * Opens everything and leaves the first connection in a read transaction, so that from here on nothing is lost. In
     * rollback mode there is no WAL to open, and that transaction keeps writers from writing.
     */
    public static SourceFiles open(Path database, Descriptors descriptors, Duration busyTimeout) throws IOException {
        FileIdentity opened = FileIdentity.of(database);
        PosixFile file = descriptors.open(database);
        SourceFiles files = null;
        SqliteConnection first = null;
        try (Arena arena = Arena.ofConfined()) {
            // Before SQLite looks: what is no database is not to be touched.
            readHeader(database, file, arena.allocate(DatabaseHeader.SIZE));
            first = SqliteConnection.open(database, busyTimeout);
            first.begin();
            if (!FileIdentity.of(database).isSameFile(opened)) {
                throw new SourceException.Discontinuity(database + ": was replaced while it was opened");
            }
            files = new SourceFiles(database, descriptors, file, opened, first, busyTimeout);
            return files;
        } finally {
            if (files == null) {
                if (first != null) {
                    first.close();
                }
                descriptors.release(file);
            }
        }
    }

    private SourceFiles(
            Path database,
            Descriptors descriptors,
            PosixFile file,
            FileIdentity opened,
            SqliteConnection first,
            Duration busyTimeout)
            throws IOException {
        this.database = database;
        this.descriptors = descriptors;
        this.file = file;
        this.opened = opened;
        this.busyTimeout = busyTimeout;
        this.buffer = arena.allocate(LARGEST_READ, 4096);
        this.header = readHeader(database, file, buffer);
        connections.add(first);
        this.wal = first.journalMode().equals("wal") ? Optional.of(openWal()) : Optional.empty();
    }

    /** Asks SQLite to put a database into WAL mode, which lasts; returns the mode it is in afterwards. */
    public static String switchToWal(Path database, Duration busyTimeout) throws SourceException {
        try (SqliteConnection connection = SqliteConnection.open(database, busyTimeout)) {
            return connection.switchToWal();
        }
    }

    private WalFiles openWal() throws IOException {
        Path walPath = walPath(database);
        PosixFile walFile = PosixFile.openToRead(walPath);
        PosixFile walIndex = descriptors.open(walIndexPath(database));
        WalReader reader = new WalReader(walFile, walPath.toString(), header.pageSize(), arena);
        return new WalFiles(walIndex, walFile, FileIdentity.of(walPath), reader);
    }

    public static Path walPath(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    public static Path walIndexPath(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    private static DatabaseHeader readHeader(Path database, PosixFile file, MemorySegment buffer) throws IOException {
        byte[] bytes = new byte[DatabaseHeader.SIZE];
        int found = (int) file.read(buffer, bytes.length, 0);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, found);
        byte[] start = Arrays.copyOf(bytes, found);
        return DatabaseHeader.parse(start)
                .orElseThrow(() -> new SourceException.NotADatabase(database, DatabaseHeader.fault(start)));
    }

    /** The header as it is in the file now. */
    public DatabaseHeader currentHeader() throws IOException {
        return readHeader(database, file, buffer);
    }

    public Path database() {
        return database;
    }

    /** The header at the time of opening. */
    public DatabaseHeader header() {
        return header;
    }

    /** In bytes. */
    public int pageSize() {
        return header.pageSize();
    }

    public boolean hasWal() {
        return wal.isPresent();
    }

    public WalReader wal() {
        return wal.orElseThrow().reader();
    }

    /** The connection that was opened first, and is reading. */
    public SqliteConnection firstConnection() {
        return connections.getFirst();
    }

    /** Opens one more connection; it is closed with everything else. */
    public SqliteConnection connect() throws SourceException {
        SqliteConnection connection = SqliteConnection.open(database, busyTimeout);
        connections.add(connection);
        return connection;
    }

    /** Closes one connection early. */
    public void disconnect(SqliteConnection connection) throws SourceException {
        connections.remove(connection);
        connection.close();
    }

    /** Waits until what is copied back by now is on the disk, so that a checkpoint that follows has little to wait for. */
    public void sync() throws IOException {
        file.sync();
    }

    /** What the wal-index says now. */
    public WalIndexHeader walIndex() throws IOException {
        PosixFile index = wal.orElseThrow().walIndex();
        for (int i = 0; i < INDEX_TRIES; i++) {
            index.read(buffer, WalIndexHeader.SIZE, 0);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, indexBytes, 0, WalIndexHeader.SIZE);
            Optional<WalIndexHeader> found = WalIndexHeader.parse(indexBytes);
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
        throw new SourceException.Discontinuity(walIndexPath(database) + ": no valid wal-index header");
    }

    /** Size of the database in pages where the WAL does not say. */
    public int pageCountOfFile() throws IOException {
        DatabaseHeader now = currentHeader();
        if (now.pageCount() > 0 && now.validFor() == now.changeCounter()) {
            return now.pageCount();
        }
        return (int) (Files.size(database) / pageSize());
    }

    /**
     * Reads consecutive pages from the database file.
     *
     * @param count number of pages, at most {@link #LARGEST_READ} bytes
     * @throws SourceException.MissingPage if the file ends before them
     */
    public void readPages(int first, int count, byte[] into, int offset) throws IOException {
        long length = (long) count * pageSize();
        long found = file.read(buffer, length, (long) (first - 1) * pageSize());
        if (found < length) {
            throw new SourceException.MissingPage(database + ": page " + (first + found / pageSize())
                    + " is part of the database, and neither the WAL nor the file has it");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, offset, (int) length);
    }

    /** Whether another process has the database open. In this process's own connections it does not see. */
    public boolean isOpenElsewhere() throws IOException {
        return descriptors.embedding() == Embedding.EMBEDDED
                || file.isLockedByAnotherProcess(SHARED_LOCK_START, SHARED_LOCK_SIZE);
    }

    /** The database file that was opened; size and time as of then. */
    public FileIdentity opened() {
        return opened;
    }

    /** Whether the name still leads to the file that was opened. */
    public boolean isStillInPlace() throws IOException {
        return Files.exists(database) && FileIdentity.of(database).isSameFile(opened);
    }

    /**
     * Removes the WAL and the wal-index that the replaced database has left behind. SQLite does not, because on its last
     * close it finds another file under the name; and the application would read them as part of the new one.
     */
    public void removeFilesOfReplacedDatabase() throws IOException {
        Path walPath = walPath(database);
        if (wal.isPresent()
                && Files.exists(walPath)
                && FileIdentity.of(walPath).isSameFile(wal.get().walIdentity())) {
            Files.delete(walPath);
            Files.deleteIfExists(walIndexPath(database));
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (SqliteConnection connection : connections.reversed()) {
            try {
                connection.close();
            } catch (SourceException e) {
                failure = e;
            }
        }
        if (wal.isPresent()) {
            wal.get().walFile().close();
            descriptors.release(wal.get().walIndex());
        }
        descriptors.release(file);
        arena.close();
        if (failure != null) {
            throw failure;
        }
    }
}
