package dev.runnel.restore;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * A query on a database file that nobody else knows of. It is opened as immutable, so that a database in WAL mode is read
 * without files appearing beside it, and without locks.
 */
public final class SqliteQuery {
    private SqliteQuery() {}

    /**
     * The rows that a query gives, with {@code |} between columns, as the shell of SQLite prints them.
     *
     * @throws SQLException if the query cannot be run; it cannot write
     */
    public static List<String> rows(Path database, String sql) throws SQLException {
        String url = "jdbc:sqlite:file:" + database.toAbsolutePath().toUri().getRawPath() + "?mode=ro&immutable=1";
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                StringJoiner row = new StringJoiner("|");
                for (int column = 1; column <= columns; column++) {
                    row.add(Objects.requireNonNullElse(found.getString(column), ""));
                }
                rows.add(row.toString());
            }
        }
        return List.copyOf(rows);
    }
}
