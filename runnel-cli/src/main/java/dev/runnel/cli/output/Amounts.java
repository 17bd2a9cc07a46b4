package dev.runnel.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Sizes and durations for people: three digits and a unit. */
public final class Amounts {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

    private Amounts() {}

    /** A size in powers of 1000, such as {@code 1.2 GB}. */
    public static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 999.5) {
            amount /= 1000;
            unit++;
        }
        String format = unit == 0 || amount >= 9.95 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, format, amount, UNITS[unit]);
    }

    /** A duration, such as {@code 0.3 s}, {@code 12 s} or {@code 4 min 20 s}. */
    public static String duration(Duration duration) {
        double seconds = duration.toNanos() / 1e9;
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
