package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Signal;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Pauses between two tries: from a tenth of a second up to five seconds, each twice as long as the one before. */
final class Pauses {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Clock clock;
    private Duration next = SHORTEST;

    Pauses(Clock clock) {
        this.clock = clock;
    }

    /** What was tried works again. */
    void reset() {
        next = SHORTEST;
    }

    boolean isLongest() {
        return next.equals(LONGEST);
    }

    /** Waits, whatever happens to the files meanwhile: a writer's events would make the actor spin. */
    void await(Signal signal, BooleanSupplier isEnding) throws InterruptedException {
        long until = clock.ticks() + next.toNanos();
        for (long left = next.toNanos(); left > 0 && !isEnding.getAsBoolean(); left = until - clock.ticks()) {
            var _ = signal.await(Duration.ofNanos(left));
        }
        next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
    }
}
