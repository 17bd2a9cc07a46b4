package dev.runnel.testkit.oracle;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Judges database files that nobody else has open: restored ones, and copies. They are opened as immutable, so that
 * looking leaves no {@code -wal} and no {@code -shm} behind.
 */
public final class DatabaseOracle {
    private static final Duration COPY_LIMIT = Duration.ofMinutes(5);

    private DatabaseOracle() {}

    /**
     * Asserts that a file is a committed state of the storm's database: sound, ids without a hole, the total right.
     *
     * @return the highest id, which grows from commit to commit
     */
    public static long assertCommitted(Path database) {
        assertSound(database);
        List<String> found = rows(
                database, "select (select total from s), coalesce(max(id),0), count(*), coalesce(min(id),0) from t");
        long[] values = Pattern.compile("\\|")
                .splitAsStream(found.getFirst())
                .mapToLong(Long::parseLong)
                .toArray();
        long total = values[0];
        long highest = values[1];
        long count = values[2];
        long lowest = values[3];
        if (total != highest || (count != 0 && count != highest - lowest + 1)) {
            throw new AssertionError(database + " is no committed state: total " + total + ", ids " + lowest + " to "
                    + highest + ", " + count + " rows");
        }
        return highest;
    }

    /** Asserts that SQLite's integrity check finds nothing. */
    public static void assertSound(Path database) {
        List<String> found = rows(database, "pragma integrity_check");
        if (!found.equals(List.of("ok"))) {
            throw new AssertionError(database + " is damaged: " + found);
        }
    }

    /** Asserts that two files are equal byte for byte. */
    public static void assertSameBytes(Path expected, Path actual) {
        try {
            long mismatch = Files.mismatch(expected, actual);
            if (mismatch >= 0) {
                throw new AssertionError(actual + " (" + Files.size(actual) + " bytes) differs from " + expected + " ("
                        + Files.size(expected) + " bytes) from byte " + mismatch + " on");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a live database's file in a process of its own: closing it in this one would drop SQLite's locks. */
    public static Path copyOf(Path live, Path target) {
        Child.run(COPY_LIMIT, List.of("cp", live.toString(), target.toString()));
        return target;
    }

    /** A digest of all rows of all tables, equal for equal content however it is laid out in pages. */
    public static String rowDigest(Path database) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String table : rows(database, "select name from sqlite_schema where type='table' order by name")) {
                digest.update(table.getBytes(StandardCharsets.UTF_8));
                for (String row : rows(database, "select * from \"" + table + "\" order by rowid")) {
                    digest.update(row.getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) '\n');
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, columns separated by {@code |}. */
    public static List<String> rows(Path database, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + database + "?immutable=1");
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            return Rows.texts(results);
        } catch (SQLException e) {
            throw new AssertionError(database + ": " + e.getMessage(), e);
        }
    }
}
