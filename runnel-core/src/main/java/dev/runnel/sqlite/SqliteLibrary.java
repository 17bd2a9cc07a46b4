package dev.runnel.sqlite;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Versions of SQLite, ours and the application's. Up to 3.51.2 a WAL restart that meets two checkpoints can skip frames
 * ("WAL-reset bug"): committed rows are lost from the database itself.
 */
public final class SqliteLibrary {
    /** The first version without the fault, as SQLite numbers it. */
    static final int FIRST_SOUND = 3_051_003;

    private SqliteLibrary() {}

    /** The version that this process uses, in SQLite's own spelling. */
    public static String version() throws SourceException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        } catch (SQLException e) {
            throw new SourceException.Refused("the SQLite library cannot be used", e);
        }
    }

    /** Whether a version, in SQLite's own spelling, is free of the fault. */
    static boolean isSound(String version) {
        String[] parts = version.split("\\.", -1);
        if (parts.length < 3) {
            return false;
        }
        try {
            return Integer.parseInt(parts[0]) * 1_000_000
                            + Integer.parseInt(parts[1]) * 1000
                            + Integer.parseInt(parts[2])
                    >= FIRST_SOUND;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Refuses to work with a library of our own that has the fault. */
    public static void requireSound() throws SourceException {
        String version = version();
        if (!isSound(version)) {
            throw new SourceException.FaultyLibrary(version);
        }
    }
}
