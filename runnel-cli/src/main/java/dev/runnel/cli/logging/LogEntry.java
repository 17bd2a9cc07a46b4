package dev.runnel.cli.logging;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One record of the log.
 *
 * @param level its name in upper case
 * @param source where in the program it comes from, if that is shown
 * @param attributes what the message is about, in the order in which it is shown
 */
public record LogEntry(
        Instant time, String level, Optional<Source> source, String message, List<Attribute> attributes) {
    /** A name with a value, which is shown as its text. */
    public record Attribute(String name, Object value) {}

    /** A line of the program. */
    public record Source(String function, String file, int line) {
        static Source of(StackTraceElement frame) {
            return new Source(
                    frame.getClassName() + "." + frame.getMethodName(),
                    frame.getFileName() == null ? "" : frame.getFileName(),
                    frame.getLineNumber());
        }

        String place() {
            return file + ":" + line;
        }
    }

    public LogEntry {
        attributes = List.copyOf(attributes);
    }
}
