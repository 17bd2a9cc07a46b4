package dev.runnel.cli.output;

import dev.runnel.platform.Clock;
import dev.runnel.restore.RestoreProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Counts what a restore has fetched, and says so now and then: bytes, rate, and how long it may still take. */
final class RestoreMeter implements RestoreProgress {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Clock clock;
    private final PrintStream err;
    private final Style style;
    private final String doing;
    private final long start;
    private volatile Count count = new Count(0, 0);

    private record Count(long fetched, long atMost) {}

    /** How the count is shown. */
    enum Style {
        /** In one line that is written over. */
        ONE_LINE,
        /** In a new line each time. */
        LINES
    }

    RestoreMeter(Clock clock, PrintStream err, Style style, String doing) {
        this.clock = clock;
        this.err = err;
        this.style = style;
        this.doing = doing;
        this.start = clock.ticks();
    }

    @Override
    public void fetched(long fetched, long atMost) {
        count = new Count(fetched, atMost);
    }

    void show() {
        Count now = count;
        double seconds = (clock.ticks() - start) / 1e9;
        if (now.fetched() == 0 || seconds <= 0) {
            return;
        }
        long rate = (long) (now.fetched() / seconds);
        long left = Math.max(0, now.atMost() - now.fetched()) / Math.max(1, rate);
        String line = String.format(
                Locale.ROOT,
                "%s: %s of at most %s, %s/s, at most %s left",
                doing,
                Amounts.bytes(now.fetched()),
                Amounts.bytes(now.atMost()),
                Amounts.bytes(rate),
                Amounts.duration(Duration.ofSeconds(left)));
        switch (style) {
            case ONE_LINE -> err.print(CLEAR_LINE + line);
            case LINES -> err.println(line);
        }
        err.flush();
    }

    /** Takes the line away again. */
    void clear() {
        if (style == Style.ONE_LINE) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
