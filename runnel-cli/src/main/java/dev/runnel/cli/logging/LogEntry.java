package dev.runnel.cli.logging;

import java.time.Instant;
import java.util.List;

/**
 * One record of the log.
 *
 * @param level its name in upper case
 * @param attributes what the message is about, in the order in which it is shown
 */
public record LogEntry(Instant time, String level, String message, List<Attribute> attributes) {
    /** A name with a value, which is shown as its text. */
    public record Attribute(String name, Object value) {}

    public LogEntry {
        attributes = List.copyOf(attributes);
    }
}
