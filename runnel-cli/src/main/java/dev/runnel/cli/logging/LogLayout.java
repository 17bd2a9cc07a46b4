package dev.runnel.cli.logging;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.logging.LogOutput.Colours;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a record looks: as the text handler of Go's {@code log/slog} writes it, {@code time=… level=INFO msg="…" key=value}, as
 * its JSON handler does, or for people.
 */
public enum LogLayout {
    /** Pairs, quoted where they need it. */
    TEXT {
        @Override
        public String line(LogEntry entry) {
            StringBuilder line = new StringBuilder("time=").append(LogText.time(entry.time(), TEXT_TIME));
            line.append(" level=").append(entry.level());
            entry.source().ifPresent(source -> {
                line.append(" source=");
                LogText.append(line, source.place());
            });
            line.append(" msg=");
            LogText.append(line, entry.message());
            for (Attribute attribute : entry.attributes()) {
                line.append(' ');
                LogText.append(line, attribute.name());
                line.append('=');
                LogText.append(line, String.valueOf(attribute.value()));
            }
            return line.append('\n').toString();
        }
    },

    /** One object a line. */
    JSON {
        @Override
        public String line(LogEntry entry) {
            StringBuilder line = new StringBuilder("{\"time\":");
            LogText.appendQuoted(line, LogText.time(entry.time(), DateTimeFormatter.ISO_OFFSET_DATE_TIME));
            line.append(",\"level\":\"").append(entry.level()).append('"');
            entry.source().ifPresent(source -> {
                line.append(",\"source\":{\"function\":");
                LogText.appendQuoted(line, source.function());
                line.append(",\"file\":");
                LogText.appendQuoted(line, source.file());
                line.append(",\"line\":").append(source.line()).append('}');
            });
            line.append(",\"msg\":");
            LogText.appendQuoted(line, entry.message());
            for (Attribute attribute : entry.attributes()) {
                line.append(',');
                LogText.appendQuoted(line, attribute.name());
                line.append(':');
                if (attribute.value() instanceof Number || attribute.value() instanceof Boolean) {
                    line.append(attribute.value());
                } else {
                    LogText.appendQuoted(line, String.valueOf(attribute.value()));
                }
            }
            return line.append("}\n").toString();
        }
    },

    /** For people. */
    PRETTY {
        @Override
        public String line(LogEntry entry) {
            return PrettyLine.of(entry, Colours.NONE);
        }
    },

    /** For people at a terminal. */
    COLOURED {
        @Override
        public String line(LogEntry entry) {
            return PrettyLine.of(entry, Colours.ANSI);
        }
    };

    private static final DateTimeFormatter TEXT_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    /** The line for a record, with its end. */
    public abstract String line(LogEntry entry);

    /** The layout a configuration asks for. */
    public static LogLayout of(LogConfig.Format format, Colours colours) {
        return switch (format) {
            case TEXT -> TEXT;
            case JSON -> JSON;
            case PRETTY -> colours == Colours.ANSI ? COLOURED : PRETTY;
        };
    }
}
