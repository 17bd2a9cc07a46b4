package dev.runnel.cli.config;

import dev.runnel.s3.S3Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a section says about S3. At the top of the file it is the default of every replica there. */
final class S3Reader {
    private static final Set<S3Option> OF_REPLICAS =
            EnumSet.complementOf(EnumSet.of(S3Option.PATH, S3Option.PART_SIZE, S3Option.CONCURRENCY));

    private final Locations locations;

    S3Reader(Locations locations) {
        this.locations = locations;
    }

    /** What the top of the file says for all. */
    Map<S3Option, String> readDefaults(Section top) {
        return read(top, OF_REPLICAS);
    }

    /** What the section of a replica says; its path is taken already. */
    Map<S3Option, String> readReplica(Section section) {
        return read(section, EnumSet.complementOf(EnumSet.of(S3Option.PATH)));
    }

    private Map<S3Option, String> read(Section section, Set<S3Option> options) {
        Map<S3Option, String> found = new EnumMap<>(S3Option.class);
        for (S3Option option : options) {
            section.take(option.key())
                    .flatMap(value -> read(option, value))
                    .filter(text -> !text.isEmpty())
                    .ifPresent(text -> found.put(option, text));
        }
        return found;
    }

    private Optional<String> read(S3Option option, Value value) {
        return switch (option.form()) {
            case TEXT, SECRET -> value.text();
            case FILE -> value.as(locations::path).map(Path::toString);
            case SWITCH -> value.bool().map(String::valueOf);
            case SIZE -> value.byteSize().map(String::valueOf);
            case NUMBER -> value.as(S3Reader::positive);
        };
    }

    /**
     * Replaces the path of a file with the customer's key by the key in it.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    static void readKeyFile(Map<S3Option, String> options) {
        String path = options.getOrDefault(S3Option.SSE_CUSTOMER_KEY_PATH, "");
        options.remove(S3Option.SSE_CUSTOMER_KEY_PATH);
        if (!path.isEmpty()) {
            try {
                options.put(
                        S3Option.SSE_CUSTOMER_KEY,
                        Files.readString(Path.of(path)).strip());
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot read sse-customer-key-path \"" + path + "\"", e);
            }
        }
    }

    private static String positive(String text) {
        if (!text.matches("0*[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("expected a whole number above zero, found \"" + text + "\"");
        }
        return text;
    }
}
