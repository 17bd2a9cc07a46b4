package dev.runnel.cli.metrics;

import java.util.Locale;

/**
 * Metrics in the text format of Prometheus, version 0.0.4. Written here because the client library of Prometheus ends the name
 * of each counter in {@code _total}, and half of Litestream's counters have names without it.
 */
final class Exposition {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();
    private String family = "";

    /** What kind of number it is. */
    enum Kind {
        COUNTER,
        GAUGE
    }

    /** Begins a metric; its samples follow. */
    Exposition family(String name, Kind kind, String help) {
        family = name;
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help.replace("\\", "\\\\").replace("\n", "\\n"));
        text.append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append('\n');
        return this;
    }

    /** @param labels names and values, in turn */
    Exposition sample(Number value, String... labels) {
        text.append(family);
        for (int i = 0; i < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',')
                    .append(labels[i])
                    .append("=\"")
                    .append(escaped(labels[i + 1]))
                    .append('"');
        }
        text.append(labels.length == 0 ? " " : "} ")
                .append(number(value.doubleValue()))
                .append('\n');
        return this;
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Whole numbers without a fraction: TXIDs and bytes are easier to read so. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
