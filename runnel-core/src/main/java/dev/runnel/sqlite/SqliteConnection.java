package dev.runnel.sqlite;

import java.io.Closeable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * A connection to a live database that never creates it and, but for the switch to WAL mode, never changes it. Read
 * transactions begun on it are the locks of the hand-over.
 */
public final class SqliteConnection implements Closeable {
    private static final int PRIMARY_CODE = 0xff;

    private final Path database;
    private final Connection connection;
    private final Statement statement;
    private boolean reading;

    private SqliteConnection(Path database, Connection connection, Statement statement) {
        this.database = database;
        this.connection = connection;
        this.statement = statement;
    }

    /** Opens a database that exists. Nothing is read yet. */
    static SqliteConnection open(Path database, Duration busyTimeout) throws SourceException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout((int) busyTimeout.toMillis());
        try {
            // The path is given as a URI: a '?' in it would otherwise start the driver's own parameters.
            String uri = new URI("file", null, database.toAbsolutePath().toString(), null).toASCIIString();
            Connection connection = config.createConnection("jdbc:sqlite:" + uri.replace("?", "%3f"));
            try {
                Statement statement = connection.createStatement();
                statement.execute("PRAGMA query_only=1");
                return new SqliteConnection(database, connection, statement);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException | URISyntaxException e) {
            throw new SourceException.Refused(database + ": cannot open it", e);
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
            if (e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
                throw new SourceException.NotADatabase(database, "SQLite does not know what its header says");
            }
            throw new SourceException.Refused(database + ": cannot begin a read transaction", e);
        }
    }

    /**
     * Takes the write lock if nobody has it, without waiting. Whatever is done under it is the application's waiting time.
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

    /** Copies back what can be copied back without waiting for anybody. Returns false if somebody else is at it. */
    public boolean checkpointPassive() throws SourceException {
        try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            return row.next() && row.getInt(1) == 0;
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": PASSIVE checkpoint", e);
        }
    }

    /** The journal mode now, such as {@code wal} or {@code delete}. */
    public String journalMode() throws SourceException {
        return ask("PRAGMA journal_mode");
    }

    /** Asks for WAL mode; returns the mode it is in afterwards. */
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
        try {
            end();
            statement.close();
            connection.close();
        } catch (SQLException e) {
            throw new SourceException.Refused(database + ": cannot close it", e);
        }
    }
}
