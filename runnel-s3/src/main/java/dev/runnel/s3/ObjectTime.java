package dev.runnel.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Map;
import java.util.Optional;

/** The own time of an object, which is kept in its metadata as Litestream does. */
final class ObjectTime {
    private static final String KEY = "litestream-timestamp";
    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendLiteral('Z')
            .toFormatter()
            .withZone(ZoneOffset.UTC);

    private ObjectTime() {}

    static Map<String, String> toMetadata(Instant time) {
        return Map.of(KEY, FORMAT.format(time));
    }

    /**
     * The time in an object's metadata; empty if there is none that can be read. Services spell the names of metadata in
     * small letters or with capitals.
     */
    static Optional<Instant> fromMetadata(Map<String, String> metadata) {
        return metadata.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(KEY))
                .map(Map.Entry::getValue)
                .findFirst()
                .flatMap(ObjectTime::parse);
    }

    private static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            // Another program wrote this key in its own way: the time of the upload is the best that is known.
            return Optional.empty();
        }
    }
}
