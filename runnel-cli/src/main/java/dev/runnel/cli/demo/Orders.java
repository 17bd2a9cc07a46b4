package dev.runnel.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * What a restored database of the demo holds.
 *
 * @param count how many orders
 * @param newest when the newest was committed
 * @param cents what all of them come to
 * @param integrity what SQLite says of the file
 */
record Orders(long count, Instant newest, long cents, String integrity) {
    static Orders read(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            long[] orders = numbers(statement, "SELECT count(*), max(committed_ms) FROM orders");
            long[] items = numbers(statement, "SELECT sum(pieces * cents), count(*) FROM items");
            try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
                check.next();
                return new Orders(orders[0], Instant.ofEpochMilli(orders[1]), items[0], check.getString(1));
            }
        }
    }

    private static long[] numbers(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return new long[] {row.getLong(1), row.getLong(2)};
        }
    }
}
