package dev.runnel.sqlite;

import java.io.Closeable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * A connection to a live database that never creates it and, but for the switch to WAL mode, never changes it. Read
 * transactions begun on it are the locks of the hand-over.
 */
public final class SqliteConnection implements Closeable {
    static final String WAL = "wal";
    private static final int PRIMARY_CODE = 0xff;

    private final Path database;
    private final Connection connection;
    private final Statement statement;
    private boolean reading;

    /** On a connection that is open, and a statement of it. */
    SqliteConnection(Path database, Connection connection, Statement statement) {
        this.database = database;
        this.connection = connection;
        this.statement = statement;
    }

    /** Opens a database that exists. Nothing is read yet. */
    static SqliteConnection open(Path database, Duration busyTimeout) throws SourceException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return open(database, busyTimeout, config);
    }

    /**
     * Opens a database in rollback mode so that SQLite can write nothing through this connection: a hot journal, which it
     * would else roll back before reading, is then left to the application.
     */
    static SqliteConnection openReadOnly(Path database, Duration busyTimeout) throws SourceException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        return open(database, busyTimeout, config);
    }

    private static SqliteConnection open(Path database, Duration busyTimeout, SQLiteConfig config)
            throws SourceException {
        config.setBusyTimeout((int) busyTimeout.toMillis());
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + SqliteUri.of(database));
            try {
                Statement statement = connection.createStatement();
                statement.execute("PRAGMA query_only=1");
                requireSameName(database, statement);
                return new SqliteConnection(database, connection, statement);
            } catch (SQLException | SourceException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": cannot open it", e);
        }
    }

    /** Whatever a driver, a URI or a link makes of a name: SQLite has opened the very name it was given, or nothing is done. */
    private static void requireSameName(Path database, Statement statement) throws SQLException, SourceException {
        try (ResultSet row = statement.executeQuery("PRAGMA database_list")) {
            String opened = row.next() ? String.valueOf(row.getString("file")) : "";
            if (!opened.equals(database.toString())) {
                throw new SourceException.OtherFileOpened(database, opened);
            }
        }
    }

    /**
     * Begins a read transaction and makes SQLite take its read mark. The schema version is asked for because that reads
     * no table: a schema that this library cannot parse does not matter.
     */
    public void begin() throws SourceException {
        try {
            statement.execute("BEGIN");
            try (ResultSet row = statement.executeQuery("PRAGMA schema_version")) {
                row.next();
            }
            reading = true;
        } catch (SQLException e) {
            rollbackQuietly(e);
            if (e instanceof SQLiteException because
                    && because.getResultCode() == SQLiteErrorCode.SQLITE_READONLY_ROLLBACK) {
                throw new SourceException.HotJournal(database);
            }
            if (e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
                throw new SourceException.NotADatabase(database, "SQLite does not recognise its header");
            }
            throw new SourceException.Refused(database + ": cannot begin a read transaction", e);
        }
    }

    /**
     * Takes the write lock if it is free, without waiting. Whatever is done under it is the application's waiting time.
     */
    public boolean tryBeginImmediate() throws SourceException {
        try {
            statement.execute("PRAGMA query_only=0");
            statement.execute("PRAGMA busy_timeout=0");
            statement.execute("BEGIN IMMEDIATE");
            reading = true;
            return true;
        } catch (SQLException e) {
            if ((e.getErrorCode() & PRIMARY_CODE) == SQLiteErrorCode.SQLITE_BUSY.code) {
                return false;
            }
            throw new SourceException.Refused(database + ": cannot take the write lock", e);
        }
    }

    private void rollbackQuietly(SQLException because) {
        try {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    /** Ends the transaction, and with it the lock. */
    public void end() throws SourceException {
        if (!reading) {
            return;
        }
        try {
            statement.execute("ROLLBACK");
            reading = false;
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": cannot end a read transaction", e);
        }
    }

    public boolean isReading() {
        return reading;
    }

    /** Backfills what it can without waiting. Returns false if another connection is checkpointing. */
    public boolean checkpointPassive() throws SourceException {
        try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            return row.next() && row.getInt(1) == 0;
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": PASSIVE checkpoint", e);
        }
    }

    /** Whether SQLite reads the database through a WAL. */
    boolean isInWalMode() throws SourceException {
        return ask("PRAGMA journal_mode").equals(WAL);
    }

    /** Asks for WAL mode, which lasts; returns the mode it is in afterwards. */
    String switchToWal() throws SourceException {
        try {
            statement.execute("PRAGMA query_only=0");
            String mode = ask("PRAGMA journal_mode=wal");
            statement.execute("PRAGMA query_only=1");
            return mode;
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": cannot switch it to WAL mode", e);
        }
    }

    private String ask(String sql) throws SourceException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": " + sql, e);
        }
    }

    @Override
    public void close() throws SourceException {
        Optional<SQLException> failure = Optional.empty();
        if (reading) {
            failure = attempt(failure, () -> statement.execute("ROLLBACK"));
        }
        failure = attempt(failure, statement::close);
        failure = attempt(failure, connection::close);
        reading = false;
        if (failure.isPresent()) {
            throw new SourceException.Refused(database + ": cannot close it", failure.get());
        }
    }

    /** What fails does not keep the rest from being closed: a connection left open would keep its locks. */
    private static Optional<SQLException> attempt(Optional<SQLException> before, Closing step) {
        try {
            step.run();
            return before;
        } catch (SQLException e) {
            before.ifPresent(first -> first.addSuppressed(e));
            return before.isPresent() ? before : Optional.of(e);
        }
    }

    @FunctionalInterface
    private interface Closing {
        void run() throws SQLException;
    }
}
