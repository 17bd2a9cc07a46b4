package dev.runnel.store;

import java.util.OptionalLong;

/**
 * How much may be asked of a store.
 *
 * @param requestsPerSecond calls, empty for no limit
 * @param bytesPerSecond of content, read and written together; empty for no limit
 */
public record RateLimits(OptionalLong requestsPerSecond, OptionalLong bytesPerSecond) {
    /** As much as it gives. */
    public static final RateLimits NONE = new RateLimits(OptionalLong.empty(), OptionalLong.empty());

    public RateLimits {
        if (requestsPerSecond.orElse(1) < 1 || bytesPerSecond.orElse(1) < 1) {
            throw new IllegalArgumentException("rate limits " + requestsPerSecond + ", " + bytesPerSecond);
        }
    }
}
