package dev.runnel.cli.logging;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The parts of a record as text. None has a line break, whatever is in it. */
final class LogText {
    private LogText() {}

    /** A time, in the zone of this machine. */
    static String time(Instant time, DateTimeFormatter format) {
        return format.format(OffsetDateTime.ofInstant(time, ZoneId.systemDefault()));
    }

    /** Appends a text, in quotes only where its end could not be told otherwise. */
    static void append(StringBuilder line, String text) {
        boolean plain = !text.isEmpty() && text.chars().allMatch(LogText::isPlain);
        if (plain) {
            line.append(text);
        } else {
            appendQuoted(line, text);
        }
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7f;
    }

    static void appendQuoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                appendVisibly(line, c);
            }
        }
        line.append('"');
    }

    /** Appends a text without quotes; characters that steer a terminal are escaped. */
    static void appendUnquoted(StringBuilder line, String text) {
        text.chars().forEach(c -> appendVisibly(line, (char) c));
    }

    private static void appendVisibly(StringBuilder line, char c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.isISOControl(c)) {
                    line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    line.append(c);
                }
            }
        }
    }
}
