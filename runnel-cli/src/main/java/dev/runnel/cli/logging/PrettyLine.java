package dev.runnel.cli.logging;

import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.logging.LogOutput.Colours;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A record for people: {@code 2030-01-31 12:00:00.588 WRN the message key=value}, the message without quotes. */
final class PrettyLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final String FAINT = "2";
    private static final String RED = "91";
    private static final String YELLOW = "93";
    private static final String GREEN = "92";

    private final Colours colours;
    private final StringBuilder line = new StringBuilder();

    private PrettyLine(Colours colours) {
        this.colours = colours;
    }

    static String of(LogEntry entry, Colours colours) {
        PrettyLine pretty = new PrettyLine(colours);
        pretty.append(entry);
        return pretty.line.append('\n').toString();
    }

    private void append(LogEntry entry) {
        coloured(FAINT, LogText.time(entry.time(), TIME));
        line.append(' ');
        appendLevel(entry.level());
        line.append(' ');
        entry.source().ifPresent(source -> {
            coloured(FAINT, source.place());
            line.append(' ');
        });
        LogText.appendUnquoted(line, entry.message());
        for (Attribute attribute : entry.attributes()) {
            line.append(' ');
            StringBuilder name = new StringBuilder();
            LogText.append(name, attribute.name());
            coloured(
                    attribute.name().equals("error") ? RED : FAINT,
                    name.append('=').toString());
            LogText.append(line, String.valueOf(attribute.value()));
        }
    }

    private void appendLevel(String level) {
        switch (level) {
            case "ERROR" -> coloured(RED, "ERR");
            case "WARN" -> coloured(YELLOW, "WRN");
            case "INFO" -> coloured(GREEN, "INF");
            case "DEBUG" -> line.append("DBG");
            default -> coloured(FAINT, "TRC");
        }
    }

    private void coloured(String colour, String text) {
        switch (colours) {
            case NONE -> line.append(text);
            case ANSI ->
                line.append("\u001b[").append(colour).append('m').append(text).append("\u001b[0m");
        }
    }
}
