package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is done for a database. Written by one thread, read by any. */
final class ActivityMeter {
    private final Clock clock;
    private final LongAdder changeSets = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failures = new LongAdder();

    ActivityMeter(Clock clock) {
        this.clock = clock;
    }

    /** A change set of so many bytes was closed. */
    void closed(long size) {
        changeSets.increment();
        bytes.add(size);
    }

    /** A step, in which change sets may be closed. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws IOException;
    }

    /** Times a step that closes change sets. */
    <T> T during(Step<T> step) throws IOException {
        long begun = clock.ticks();
        long before = changeSets.sum();
        T result = step.run();
        if (changeSets.sum() > before) {
            nanos.add(clock.ticks() - begun);
        }
        return result;
    }

    void failed() {
        failures.increment();
    }

    Activity total() {
        return new Activity(changeSets.sum(), bytes.sum(), Duration.ofNanos(nanos.sum()), failures.sum());
    }
}
