package dev.runnel.engine;

import java.time.Duration;

/**
 * When to poll a database again: at growing intervals after each sign that something happened, because the sign may
 * come before the thing itself. Pure arithmetic on ticks.
 */
final class PollTimes {
    private static final long MILLI = 1_000_000;
    private static final long[] MILLIS_AFTER = {
        0, 1, 2, 3, 4, 6, 8, 11, 15, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2100
    };
    private static final long SLOWEST = Duration.ofSeconds(30).toNanos();

    private long activeAt;
    private int done;

    PollTimes(long now) {
        this.activeAt = now;
    }

    /** Something happened to the files. */
    void event(long now) {
        activeAt = now;
        done = 0;
    }

    /** How long nothing has happened. */
    long quietNanos(long now) {
        return now - activeAt;
    }

    /** The time of the next look. */
    long next(long now) {
        while (done < MILLIS_AFTER.length && MILLIS_AFTER[done] * MILLI <= quietNanos(now)) {
            done++;
        }
        if (done < MILLIS_AFTER.length) {
            return activeAt + MILLIS_AFTER[done] * MILLI;
        }
        // Quiet: events are trusted to wake us, but never alone.
        return now + Math.clamp(quietNanos(now) / 4, 1000 * MILLI, SLOWEST);
    }
}
