package dev.runnel.cli.logging;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a record looks: as the text handler of Go's {@code log/slog} writes it, {@code time=… level=INFO msg="…" key=value},
 * or as its JSON handler does.
 */
public enum LogLayout {
    /** Pairs, quoted where they need it. */
    TEXT {
        @Override
        public String line(LogEntry entry) {
            StringBuilder line = new StringBuilder("time=").append(time(entry.time(), TEXT_TIME));
            line.append(" level=").append(entry.level()).append(" msg=");
            appendText(line, entry.message());
            for (Attribute attribute : entry.attributes()) {
                line.append(' ');
                appendText(line, attribute.name());
                line.append('=');
                appendText(line, String.valueOf(attribute.value()));
            }
            return line.append('\n').toString();
        }
    },

    /** One object a line. */
    JSON {
        @Override
        public String line(LogEntry entry) {
            StringBuilder line = new StringBuilder("{\"time\":");
            appendQuoted(line, time(entry.time(), DateTimeFormatter.ISO_OFFSET_DATE_TIME));
            line.append(",\"level\":\"").append(entry.level()).append("\",\"msg\":");
            appendQuoted(line, entry.message());
            for (Attribute attribute : entry.attributes()) {
                line.append(',');
                appendQuoted(line, attribute.name());
                line.append(':');
                if (attribute.value() instanceof Number || attribute.value() instanceof Boolean) {
                    line.append(attribute.value());
                } else {
                    appendQuoted(line, String.valueOf(attribute.value()));
                }
            }
            return line.append("}\n").toString();
        }
    };

    private static final DateTimeFormatter TEXT_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

    /** The line for a record, with its end. */
    public abstract String line(LogEntry entry);

    /** The layout a configuration asks for. */
    public static LogLayout of(LogConfig.Format format) {
        return switch (format) {
            case TEXT -> TEXT;
            case JSON -> JSON;
        };
    }

    private static String time(Instant time, DateTimeFormatter format) {
        return format.format(OffsetDateTime.ofInstant(time, ZoneId.systemDefault()));
    }

    private static void appendText(StringBuilder line, String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(LogLayout::isPlain);
        if (plain) {
            line.append(text);
        } else {
            appendQuoted(line, text);
        }
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7f;
    }

    private static void appendQuoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
