package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.time.Duration;

/** The pause before the next attempt: 200 ms after a first failure, and twice as long after each further one, up to a limit. */
final class RetryPause {
    private static final Duration FIRST = Duration.ofMillis(200);

    private final Clock clock;
    private Duration next = FIRST;
    private long until;

    RetryPause(Clock clock) {
        this.clock = clock;
        this.until = clock.ticks();
    }

    /** The last attempt succeeded. */
    void succeeded() {
        next = FIRST;
    }

    /** The last attempt failed. Returns how long to wait. */
    Duration failed(Duration longest) {
        Duration wait = next.compareTo(longest) < 0 ? next : longest;
        next = wait.multipliedBy(2);
        return begin(wait);
    }

    /** Nothing is to be done for so long. */
    Duration begin(Duration wait) {
        until = clock.ticks() + wait.toNanos();
        return wait;
    }

    /** Zero or less if it is over. */
    Duration left() {
        return Duration.ofNanos(until - clock.ticks());
    }
}
