package dev.runnel.sqlite;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * The file of one live database in rollback mode, and the lock under which it does not change. Between locks there is no
 * connection. Used by one thread at a time.
 */
public final class RollbackFiles implements Closeable {
    /** SQLite may take a transaction that is being rolled back for an interrupted one; looking again tells. */
    private static final int LOOKS_AT_A_JOURNAL = 5;

    private final DatabaseFile file;
    private final Duration busyTimeout;

    /**
     * Reads a file that is open.
     *
     * @param file closed with this
     * @param busyTimeout how long to wait for a writer that is about to commit, or for one that keeps its lock
     */
    public RollbackFiles(DatabaseFile file, Duration busyTimeout) {
        this.file = file;
        this.busyTimeout = busyTimeout;
    }

    /** The database file. */
    public DatabaseFile file() {
        return file;
    }

    /** Its present state. Without a lock that may be something in the middle of a transaction. */
    public FileState state() throws IOException {
        return new FileState(FileIdentity.of(file.path()), file.currentHeader());
    }

    /**
     * Takes a SHARED lock, under which no process can commit: a read transaction of a connection of its own.
     *
     * @throws SourceException.HotJournal if a transaction was interrupted, and has yet to be rolled back
     * @throws SourceException.Discontinuity if the database is in WAL mode now
     */
    public Lock lock() throws IOException {
        for (int look = 1; ; look++) {
            try {
                return new Lock(begin());
            } catch (SourceException.HotJournal e) {
                if (look == LOOKS_AT_A_JOURNAL) {
                    throw e;
                }
            } catch (SourceException.Refused e) {
                if (file.isInWalMode()) {
                    throw noLongerInRollbackMode();
                }
                throw e;
            }
        }
    }

    private SqliteConnection begin() throws SourceException {
        SqliteConnection connection = SqliteConnection.openReadOnly(file.path(), busyTimeout);
        boolean done = false;
        try {
            connection.begin();
            if (connection.isInWalMode()) {
                throw noLongerInRollbackMode();
            }
            done = true;
            return connection;
        } finally {
            if (!done) {
                connection.close();
            }
        }
    }

    private SourceException noLongerInRollbackMode() {
        return new SourceException.Discontinuity(file.path() + ": is in WAL mode now");
    }

    /**
     * Asks SQLite to put the database into WAL mode, which lasts.
     *
     * @param patience how long to wait for locks; SQLite lets no other connection begin to read meanwhile
     * @return the mode it is in afterwards
     */
    public String switchToWal(Duration patience) throws IOException {
        try (SqliteConnection connection = SqliteConnection.open(file.path(), patience)) {
            // SQLite opened the file by name: this is the first write, and it must go to the file that was meant.
            if (!file.isStillInPlace()) {
                throw new SourceException.Discontinuity(file.path() + ": was replaced while it was opened");
            }
            return connection.switchToWal();
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** A SHARED lock that is held. */
    public static final class Lock implements Closeable {
        private final SqliteConnection connection;

        private Lock(SqliteConnection connection) {
            this.connection = connection;
        }

        @Override
        public void close() throws SourceException {
            connection.close();
        }
    }
}
