package dev.runnel.testkit;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until a test moves it: time passes, or the wall clock alone is set to something else. */
public final class SimulatedClock implements Clock {
    private Instant time;
    private Duration error = Duration.ZERO;
    private long ticks;

    public SimulatedClock(Instant start) {
        this.time = start;
    }

    @Override
    public synchronized Instant now() {
        return time.plus(error);
    }

    @Override
    public synchronized long ticks() {
        return ticks;
    }

    /** What the time really is. */
    public synchronized Instant reality() {
        return time;
    }

    /** Time passes. */
    public synchronized void advance(Duration by) {
        time = time.plus(by);
        ticks += by.toNanos();
    }

    /** The wall clock is wrong by so much from now on. */
    public synchronized void setError(Duration wrongBy) {
        error = wrongBy;
    }
}
