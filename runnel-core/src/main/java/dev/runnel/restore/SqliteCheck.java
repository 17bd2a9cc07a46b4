package dev.runnel.restore;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Asks SQLite whether a database file is in order. */
final class SqliteCheck {
    /** More lines than this do not help. */
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
        try {
            List<String> answers = SqliteQuery.rows(file, pragma);
            return answers.equals(List.of("ok")) ? List.of() : answers;
        } catch (SQLException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }
}
