package dev.runnel.platform;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time, in the two senses that must not be mixed up: what is written into files, and what deadlines are counted in. */
public interface Clock {
    /** Wall time. It may step back. */
    Instant now();

    /** Nanoseconds from an arbitrary origin, never decreasing. */
    long ticks();

    /** Waits so long on this thread. A clock that is not the machine's may let the time pass at once. */
    default void sleep(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    /** The machine's clock. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The machine's clock, with the wall time of another one. */
    static Clock withTimeOf(InstantSource wall) {
        return new Clock() {
            @Override
            public Instant now() {
                return wall.instant();
            }

            @Override
            public long ticks() {
                return SystemClock.INSTANCE.ticks();
            }
        };
    }
}
