package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one live database in WAL mode, open side by side: the database, its WAL, its wal-index, and SQLite's
 * connections to it. Used by one thread at a time.
 *
 * <p>All of them are opened by name, and a name can be given to another file between any two steps. So whatever has to be
 * right is bracketed: {@link #isInPlace} holds before and after SQLite opens a file by name, and holds right before
 * anything is written, deleted, or reported as complete.
 *
 * <p>Connections are closed before descriptors, always.
 */
public final class SourceFiles implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceFiles.class);

    /** Some tens of milliseconds: a writer may lose its processor in the middle of the header. */
    private static final int INDEX_TRIES = 20_000;

    private static final long MILLI = 1_000_000;

    private final DatabaseFile file;

    /** A page and a header: little enough to be left to the collector. */
    private final Arena arena = Arena.ofAuto();

    private final MemorySegment buffer = arena.allocate(WalIndexHeader.SIZE, 8);
    private final List<SqliteConnection> connections = new ArrayList<>();
    private final Duration busyTimeout;
    private final byte[] indexBytes = new byte[WalIndexHeader.SIZE];
    private final NamedFile walFile;
    private final NamedFile walIndex;
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
        Optional<SourceFiles> files = Optional.empty();
        boolean done = false;
        try {
            if (RollbackJournal.isInUse(file.name())) {
                throw new SourceException.HotJournal(file.name().configured());
            }
            if (RollbackJournal.exists(file.name())) {
                makeWal(file, busyTimeout);
            }
            // A last close, ours or another process's, would remove the files that are about to be opened.
            preventLastClose(file, busyTimeout);
            // Where both are there they are opened at once: if the file is replaced before that, nobody can tell whose
            // they are.
            if (!Files.exists(file.name().wal()) || !Files.exists(file.name().walIndex())) {
                makeWal(file, busyTimeout);
            }
            files = Optional.of(openInPlace(file, busyTimeout));
            files.get().beginFirst();
            file.allowLastClose();
            done = true;
            return files.get();
        } catch (NoSuchFileException e) {
            throw new SourceException.Discontinuity(e.getFile() + ": was removed while it was opened");
        } finally {
            if (!done) {
                if (files.isPresent()) {
                    // The application's last close may have met our lock, and left its WAL to us.
                    files.get().close();
                } else {
                    file.close();
                }
            }
        }
    }

    /** Waits for a last close that is under way, as SQLite waits for its locks. */
    private static void preventLastClose(DatabaseFile file, Duration busyTimeout) throws IOException {
        for (long millis = 0; !file.preventLastClose(); millis++) {
            if (millis >= busyTimeout.toMillis()) {
                throw new SourceException.Refused(
                        file.path() + ": cannot open it", new IOException("another process keeps it locked"));
            }
            LockSupport.parkNanos(MILLI);
        }
    }

    /** Makes SQLite create the WAL and its index where they are missing, and keeps none of it open. */
    private static void makeWal(DatabaseFile file, Duration busyTimeout) throws IOException {
        try (SqliteConnection connection = ConnectionByName.begin(file, busyTimeout)) {
            requireWalMode(file, connection);
        }
    }

    private static void requireWalMode(DatabaseFile file, SqliteConnection connection) throws IOException {
        if (!connection.isInWalMode() || file.currentHeader().pageSize() != file.pageSize()) {
            throw new SourceException.Discontinuity(
                    file.path() + ": changed its journal mode or page size while it was opened");
        }
    }

    /** Opens the WAL and its index, and makes sure that they are those of the file. */
    private static SourceFiles openInPlace(DatabaseFile file, Duration busyTimeout) throws IOException {
        SourceFiles files = new SourceFiles(file, busyTimeout);
        boolean done = false;
        try {
            files.requireInPlace();
            done = true;
            return files;
        } finally {
            if (!done) {
                files.closeWal();
            }
        }
    }

    private SourceFiles(DatabaseFile file, Duration busyTimeout) throws IOException {
        this.file = file;
        this.busyTimeout = busyTimeout;
        this.walFile = NamedFile.openToRead(file.name().wal());
        this.walIndex = openIndex(file, walFile);
        this.walReader = new WalReader(walFile.file(), file.name().wal().toString(), file.pageSize(), arena);
    }

    private static NamedFile openIndex(DatabaseFile file, NamedFile walFile) throws IOException {
        boolean done = false;
        try {
            NamedFile index = file.descriptors().open(file.name().walIndex());
            done = true;
            return index;
        } finally {
            if (!done) {
                walFile.file().close();
            }
        }
    }

    private void beginFirst() throws IOException {
        connections.add(ConnectionByName.beginFirst(file, busyTimeout));
        requireWalMode(file, firstConnection());
        requireInPlace();
    }

    /** The WAL of a database, given by its real name. */
    public static Path walPath(Path real) {
        return new DatabaseName(real, real).wal();
    }

    /** The wal-index of a database, given by its real name. */
    public static Path walIndexPath(Path real) {
        return new DatabaseName(real, real).walIndex();
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

    /**
     * Whether the names of the database, its WAL and its wal-index lead to the files that are open. If not, what others
     * commit goes elsewhere, and what SQLite does here by name would reach files of others.
     */
    public boolean isInPlace() throws IOException {
        return file.isStillInPlace() && hasWalNames();
    }

    private boolean hasWalNames() throws IOException {
        return walFile.has(file.name().wal()) && walIndex.has(file.name().walIndex());
    }

    /**
     * Checks right before something is reported as complete, or written.
     *
     * @throws SourceException.Discontinuity if a name leads to another file, or to none
     */
    public void requireInPlace() throws IOException {
        file.requireInPlace();
        if (!hasWalNames()) {
            throw new SourceException.Discontinuity(
                    file.name().configured() + ": -wal or -shm was removed or replaced while Runnel had it open");
        }
    }

    /**
     * Opens one more connection; it is closed with everything else.
     *
     * @throws SourceException.Discontinuity if SQLite may have opened another file than the one that is read here
     */
    public SqliteConnection connect() throws IOException {
        requireInPlace();
        SqliteConnection connection = ConnectionByName.begin(file, busyTimeout);
        connections.add(connection);
        connection.end();
        requireInPlace();
        return connection;
    }

    /** Closes one connection early. */
    public void disconnect(SqliteConnection connection) throws SourceException {
        connections.remove(connection);
        connection.close();
    }

    /** Backfills what it can without waiting for anybody. Returns false if another process is at it. */
    public boolean checkpointPassive(SqliteConnection connection) throws IOException {
        requireInPlace();
        return connection.checkpointPassive();
    }

    /** Waits until what is backfilled by now is on the disk, so that a checkpoint that follows has little to wait for. */
    public void sync() throws IOException {
        file.sync();
    }

    /** What the wal-index says now. */
    public WalIndexHeader walIndex() throws IOException {
        for (int i = 0; i < INDEX_TRIES; i++) {
            walIndex.file().read(buffer, WalIndexHeader.SIZE, 0);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, indexBytes, 0, WalIndexHeader.SIZE);
            Optional<WalIndexHeader> found = WalIndexHeader.parse(indexBytes);
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
        throw new SourceException.Discontinuity(file.name().walIndex() + ": no valid wal-index header");
    }

    /** Whether another process has the database open. In this process's own connections it does not see. */
    public boolean isOpenElsewhere() throws IOException {
        return file.isOpenElsewhere();
    }

    /**
     * Closes everything. Where all names lead to the open files, SQLite ends as it always does: the last one that closes
     * backfills the WAL and removes it. Otherwise SQLite is kept from both, because it would write to, and delete, files
     * that are not the ones it has open.
     */
    @Override
    public void close() throws IOException {
        Optional<String> left = Optional.empty();
        boolean isInPlace = false;
        try {
            if (file.hasRealName()) {
                isInPlace = hasWalNames();
            } else {
                left = removeAbandonedWal();
            }
        } finally {
            if (!isInPlace) {
                requirePrevention();
            }
            closeAll();
        }
        left.ifPresent(why -> LOG.warn(
                "{} belongs to the file that was replaced, and is left in place: {}. SQLite applies it to the file that has"
                        + " the database's name now. If the application finds old rows: stop it, delete -wal and -shm, and"
                        + " move the new file into place again.",
                file.name().wal(),
                why));
    }

    /** Removes what the replaced database would leave under its names; gives the reason if it is left. */
    private Optional<String> removeAbandonedWal() throws IOException {
        if (!walFile.has(file.name().wal())) {
            return Optional.empty();
        }
        // Our own lock would count as another process's.
        file.allowLastClose();
        if (isOpenElsewhere()) {
            return Optional.of("another process still has the replaced file open");
        }
        return new AbandonedWal(file.descriptors(), file.name(), walFile.identity(), walIndex.identity())
                .remove(this::completeReplaced);
    }

    private void requirePrevention() throws IOException {
        if (!file.preventLastClose()) {
            throw new IOException(file.path() + ": its files cannot be closed safely; restart Runnel");
        }
    }

    /**
     * Completes a replaced database as its last close would have done: copies its WAL back into the old file, which may have
     * been kept under another name. The wal-index says so for everyone who has it open, so nobody may have it open for the
     * new file.
     */
    private boolean completeReplaced() throws IOException {
        for (SqliteConnection each : connections) {
            each.end();
        }
        boolean isCheckpointed = connections.isEmpty() || connections.getFirst().checkpointPassive();
        return isCheckpointed && walIndex().isAllBackfilled() && !isOpenElsewhere();
    }

    private void closeAll() throws IOException {
        IOException failure = null;
        for (SqliteConnection connection : connections.reversed()) {
            try {
                connection.close();
            } catch (SourceException e) {
                failure = e;
            }
        }
        try {
            closeWal();
        } finally {
            file.close();
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void closeWal() throws IOException {
        try {
            walFile.file().close();
        } finally {
            file.descriptors().release(walIndex);
        }
    }
}
