package dev.runnel.testkit.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Query results as text: columns separated by {@code |}, blobs in hex, NULL as nothing. */
public final class Rows {
    private Rows() {}

    /** Reads all rows. */
    public static List<String> texts(ResultSet results) throws SQLException {
        List<String> rows = new ArrayList<>();
        int columns = results.getMetaData().getColumnCount();
        while (results.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                values.add(text(results.getObject(i)));
            }
            rows.add(String.join("|", values));
        }
        return rows;
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            default -> value.toString();
        };
    }
}
