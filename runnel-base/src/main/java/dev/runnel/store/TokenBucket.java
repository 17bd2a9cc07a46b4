package dev.runnel.store;

import dev.runnel.platform.Clock;
import java.time.Duration;

/** Lets only so much pass a second. What was not used is kept for one second; what is more than there is waits. */
final class TokenBucket {
    private static final long SECOND = 1_000_000_000;

    private final Clock clock;
    private final double nanosEach;
    private long paidUntil;

    TokenBucket(Clock clock, long perSecond) {
        this.clock = clock;
        this.nanosEach = (double) SECOND / perSecond;
        this.paidUntil = clock.ticks() - SECOND;
    }

    /** Waits until the tokens taken before are paid for, and takes these. */
    void take(long tokens) throws InterruptedException {
        long wait = reserve(tokens);
        if (wait > 0) {
            clock.sleep(Duration.ofNanos(wait));
        }
    }

    private synchronized long reserve(long tokens) {
        long now = clock.ticks();
        if (now - SECOND - paidUntil > 0) {
            paidUntil = now - SECOND;
        }
        paidUntil += (long) (tokens * nanosEach);
        return paidUntil - now;
    }
}
