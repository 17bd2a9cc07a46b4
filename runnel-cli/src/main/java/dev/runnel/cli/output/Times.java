package dev.runnel.cli.output;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Points in time as people write and read them: RFC 3339. */
public final class Times {
    private Times() {}

    /** In UTC, without the fraction of the second. */
    public static String show(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Whether a text is a time but for its offset, so that it could be any of two dozen. */
    public static boolean isWithoutZone(String text) {
        try {
            LocalDateTime.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    /**
     * Reads a time with its offset, such as {@code 2000-01-01T00:00:00Z}.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not a time", e);
        }
    }
}
