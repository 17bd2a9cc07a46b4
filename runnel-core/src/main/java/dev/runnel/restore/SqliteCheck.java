package dev.runnel.restore;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks SQLite about a database file that nobody else knows of. It is opened as immutable, so that a database in WAL mode
 * is read without files appearing beside it, and without locks.
 */
final class SqliteCheck {
    /** More lines than this help nobody. */
    private static final int MAX_PROBLEMS = 20;

    private SqliteCheck() {}

    /** What SQLite finds wrong; empty if nothing. */
    static List<String> problems(Path file, IntegrityCheck check) {
        return switch (check) {
            case NONE -> List.of();
            case QUICK -> ask(file, "PRAGMA quick_check(" + MAX_PROBLEMS + ")");
            case FULL -> ask(file, "PRAGMA integrity_check(" + MAX_PROBLEMS + ")");
        };
    }

    private static List<String> ask(Path file, String pragma) {
        String url = "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath() + "?mode=ro&immutable=1";
        List<String> answers = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(pragma)) {
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
        } catch (SQLException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
        return answers.equals(List.of("ok")) ? List.of() : List.copyOf(answers);
    }
}
