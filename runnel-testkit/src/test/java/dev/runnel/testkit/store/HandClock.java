package dev.runnel.testkit.store;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Moves when somebody sleeps, and then at once. */
final class HandClock implements Clock {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos.get());
    }

    @Override
    public long ticks() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Duration passed() {
        return Duration.ofNanos(nanos.get());
    }
}
