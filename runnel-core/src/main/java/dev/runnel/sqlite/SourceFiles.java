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
import java.util.List;
import java.util.Optional;

/**
 * The files of one live database in WAL mode, open side by side: the database, its WAL, its wal-index, and SQLite's
 * connections to it. Used by one thread at a time.
 *
 * <p>Connections are closed before descriptors, always.
 */
public final class SourceFiles implements Closeable {
    /** Some tens of milliseconds: a writer may lose its processor in the middle of the header. */
    private static final int INDEX_TRIES = 20_000;

    private final DatabaseFile file;

    /** A page and a header: little enough to be left to the collector. */
    private final Arena arena = Arena.ofAuto();

    private final MemorySegment buffer = arena.allocate(WalIndexHeader.SIZE, 8);
    private final List<SqliteConnection> connections = new ArrayList<>();
    private final Duration busyTimeout;
    private final byte[] indexBytes = new byte[WalIndexHeader.SIZE];
    private final PosixFile walFile;
    private final PosixFile walIndex;
    private final FileIdentity walIdentity;
    private final WalReader walReader;

    /** Opens everything and leaves the first connection in a read transaction, so that from here on nothing is lost. */
    public static SourceFiles open(Path database, Descriptors descriptors, Duration busyTimeout) throws IOException {
        return open(DatabaseFile.open(database, descriptors), busyTimeout);
    }

    /**
     * The same for a file that is open already.
     *
     * @param file in WAL mode; closed with everything else, also if this fails
     * @throws SourceException.HotJournal if the switch to WAL mode was interrupted; opening the database would roll it back
     */
    public static SourceFiles open(DatabaseFile file, Duration busyTimeout) throws IOException {
        SourceFiles files = null;
        SqliteConnection first = null;
        try {
            if (RollbackJournal.isInUse(file.path())) {
                throw new SourceException.HotJournal(file.path());
            }
            first = SqliteConnection.open(file.path(), busyTimeout);
            first.begin();
            if (!file.isStillInPlace()) {
                throw new SourceException.Discontinuity(file.path() + ": was replaced while it was opened");
            }
            if (!first.isInWalMode() || file.currentHeader().pageSize() != file.pageSize()) {
                throw new SourceException.Discontinuity(
                        file.path() + ": changed its journal mode or page size while it was opened");
            }
            files = new SourceFiles(file, first, busyTimeout);
            return files;
        } finally {
            if (files == null) {
                try {
                    if (first != null) {
                        first.close();
                    }
                } finally {
                    file.close();
                }
            }
        }
    }

    private SourceFiles(DatabaseFile file, SqliteConnection first, Duration busyTimeout) throws IOException {
        this.file = file;
        this.busyTimeout = busyTimeout;
        Path walPath = walPath(file.path());
        this.walIdentity = FileIdentity.of(walPath);
        this.walFile = PosixFile.openToRead(walPath);
        this.walIndex = openIndex(file, walFile);
        this.walReader = new WalReader(walFile, walPath.toString(), file.pageSize(), arena);
        connections.add(first);
    }

    private static PosixFile openIndex(DatabaseFile file, PosixFile walFile) throws IOException {
        try {
            return file.descriptors().open(walIndexPath(file.path()));
        } catch (IOException e) {
            walFile.close();
            throw e;
        }
    }

    public static Path walPath(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    public static Path walIndexPath(Path database) {
        return database.resolveSibling(database.getFileName() + "-shm");
    }

    /** The database file. */
    public DatabaseFile file() {
        return file;
    }

    public Path database() {
        return file.path();
    }

    /** In bytes. */
    public int pageSize() {
        return file.pageSize();
    }

    public WalReader wal() {
        return walReader;
    }

    /** The connection that was opened first, and is reading. */
    public SqliteConnection firstConnection() {
        return connections.getFirst();
    }

    /** Opens one more connection; it is closed with everything else. */
    public SqliteConnection connect() throws SourceException {
        SqliteConnection connection = SqliteConnection.open(file.path(), busyTimeout);
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
        for (int i = 0; i < INDEX_TRIES; i++) {
            walIndex.read(buffer, WalIndexHeader.SIZE, 0);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, indexBytes, 0, WalIndexHeader.SIZE);
            Optional<WalIndexHeader> found = WalIndexHeader.parse(indexBytes);
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
        throw new SourceException.Discontinuity(walIndexPath(database()) + ": no valid wal-index header");
    }

    /** Whether another process has the database open. In this process's own connections it does not see. */
    public boolean isOpenElsewhere() throws IOException {
        return file.isOpenElsewhere();
    }

    /**
     * Removes the WAL and the wal-index that the replaced database has left behind. SQLite does not, because on its last
     * close it finds another file under the name; and the application would read them as part of the new one.
     */
    public void removeFilesOfReplacedDatabase() throws IOException {
        Path walPath = walPath(database());
        if (Files.exists(walPath) && FileIdentity.of(walPath).isSameFile(walIdentity)) {
            Files.delete(walPath);
            Files.deleteIfExists(walIndexPath(database()));
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
        try {
            walFile.close();
        } finally {
            try {
                file.descriptors().release(walIndex);
            } finally {
                file.close();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
