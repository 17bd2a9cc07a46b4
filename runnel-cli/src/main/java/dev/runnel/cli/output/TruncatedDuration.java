package dev.runnel.cli.output;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Durations as Litestream 0.3 shows them: in Go's notation, cut to two digits or so. */
public final class TruncatedDuration {
    private static final Duration MICROSECOND = Duration.ofNanos(1000);
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private TruncatedDuration() {}

    /** Whole seconds above ten, tenths above one; below that whole milliseconds, microseconds or nanoseconds. */
    public static String show(Duration duration) {
        Duration size = duration.abs();
        String text;
        if (size.compareTo(Duration.ofSeconds(10)) > 0) {
            text = clock(size.truncatedTo(ChronoUnit.SECONDS));
        } else if (size.compareTo(SECOND) > 0) {
            text = number(size.toMillis() / 100 * 100, SECOND.toMillis()) + "s";
        } else if (size.equals(SECOND)) {
            text = "1s";
        } else if (size.compareTo(MILLISECOND) > 0) {
            text = size.toMillis() + "ms";
        } else if (size.compareTo(MICROSECOND) > 0) {
            text = size.toNanos() / 1000 + "µs";
        } else {
            text = size.isZero() ? "0s" : size.toNanos() + "ns";
        }
        return duration.isNegative() ? "-" + text : text;
    }

    private static String clock(Duration whole) {
        String seconds = whole.toSecondsPart() + "s";
        String minutes = whole.toMinutes() > 0 ? whole.toMinutesPart() + "m" : "";
        String hours = whole.toHours() > 0 ? whole.toHours() + "h" : "";
        return hours + minutes + seconds;
    }

    private static String number(long amount, long unit) {
        return BigDecimal.valueOf(amount)
                .divide(BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }
}
