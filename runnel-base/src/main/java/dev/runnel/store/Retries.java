package dev.runnel.store;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import java.time.Duration;

/**
 * Tries again what failed for want of the store: with pauses that double, each between half and all of its length so that
 * many clients do not come back at once, within one budget. Everything else fails at once.
 */
record Retries(RetryLimits limits, Clock clock, Entropy entropy) {
    /** One attempt. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws StoreException;
    }

    <T> T run(Attempt<T> attempt) throws StoreException {
        long start = clock.ticks();
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (StoreException.Unavailable e) {
                Duration pause = jittered(limits.pauseAfter(number));
                Duration spent = Duration.ofNanos(clock.ticks() - start);
                if (number >= limits.attempts() || spent.plus(pause).compareTo(limits.budget()) > 0 || !sleep(pause)) {
                    throw e;
                }
            }
        }
    }

    private Duration jittered(Duration pause) {
        long half = pause.toNanos() / 2;
        return Duration.ofNanos(half + Math.floorMod(entropy.nextLong(), half + 1));
    }

    /** False if this thread is interrupted meanwhile. */
    private boolean sleep(Duration pause) {
        try {
            clock.sleep(pause);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
