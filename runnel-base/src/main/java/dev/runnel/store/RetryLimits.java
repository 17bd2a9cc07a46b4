package dev.runnel.store;

import java.time.Duration;

/**
 * How often, and for how long, an operation is tried.
 *
 * @param attempts the first one included
 * @param budget for all attempts of one operation and the pauses between them
 * @param firstPause about how long the first pause is; each one after it is twice as long
 * @param longestPause the most a pause may be
 */
public record RetryLimits(int attempts, Duration budget, Duration firstPause, Duration longestPause) {
    /** For a store whose failures are over within milliseconds, or are handled by its caller. */
    public static final RetryLimits SHORT =
            new RetryLimits(4, Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofSeconds(1));

    /** For a connection that may be away for a while. */
    public static final RetryLimits LONG =
            new RetryLimits(10, Duration.ofMinutes(1), Duration.ofMillis(200), Duration.ofSeconds(10));

    public RetryLimits {
        if (attempts < 1 || !firstPause.isPositive() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("retry limits " + attempts + ", " + firstPause + ", " + longestPause);
        }
    }

    /** The middle of the pause after so many attempts. */
    Duration pauseAfter(int attempt) {
        long doubled = firstPause.toNanos() << Math.min(attempt - 1, 30);
        boolean overflown = doubled >> Math.min(attempt - 1, 30) != firstPause.toNanos();
        return overflown || doubled > longestPause.toNanos() ? longestPause : Duration.ofNanos(doubled);
    }
}
