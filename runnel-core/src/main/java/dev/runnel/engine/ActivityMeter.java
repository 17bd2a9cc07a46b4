package dev.runnel.engine;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is done for a database. Written by one thread, read by any. */
final class ActivityMeter {
    private final LongAdder changeSets = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** A change set of so many bytes was closed. */
    void closed(long size) {
        changeSets.increment();
        bytes.add(size);
    }

    /** A step that closed change sets took so long. */
    void took(long duration) {
        nanos.add(duration);
    }

    void failed() {
        failures.increment();
    }

    long changeSets() {
        return changeSets.sum();
    }

    Activity total() {
        return new Activity(changeSets.sum(), bytes.sum(), Duration.ofNanos(nanos.sum()), failures.sum());
    }
}
