package dev.runnel.testkit.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** A connection in this JVM, through sqlite-jdbc. */
public final class JdbcSession implements SqlSession {
    private final Path database;
    private Optional<Connection> connection = Optional.empty();

    private JdbcSession(Path database) {
        this.database = database;
    }

    public static JdbcSession open(Path database) {
        JdbcSession session = new JdbcSession(database);
        session.connect();
        return session;
    }

    @Override
    public List<String> rows(String sql) throws SqlFailure {
        Connection open = connection.orElseThrow(() -> new IllegalStateException("not connected to " + database));
        try (Statement statement = open.createStatement()) {
            if (!statement.execute(sql)) {
                return List.of();
            }
            try (ResultSet results = statement.getResultSet()) {
                return Rows.texts(results);
            }
        } catch (SQLException e) {
            throw new SqlFailure(
                    e.getErrorCode(), sql.substring(0, Math.min(80, sql.length())) + ": " + e.getMessage());
        }
    }

    @Override
    public void connect() {
        disconnect();
        try {
            connection = Optional.of(DriverManager.getConnection("jdbc:sqlite:" + database));
            rows("pragma busy_timeout=30000");
        } catch (SQLException | SqlFailure e) {
            throw new IllegalStateException("cannot open " + database, e);
        }
    }

    @Override
    public void disconnect() {
        try {
            if (connection.isPresent()) {
                connection.get().close();
                connection = Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close " + database, e);
        }
    }

    /** Closes the connection: a part of this JVM cannot be killed. */
    @Override
    public void kill() {
        disconnect();
    }

    @Override
    public void close() {
        disconnect();
    }
}
