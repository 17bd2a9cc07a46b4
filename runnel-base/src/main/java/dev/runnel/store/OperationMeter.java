package dev.runnel.store;

import dev.runnel.platform.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts the calls of one operation. For many threads. */
final class OperationMeter {
    private final Clock clock;
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    OperationMeter(Clock clock) {
        this.clock = clock;
    }

    /** What is measured. */
    @FunctionalInterface
    interface Call<T, E extends IOException> {
        T run() throws E;
    }

    /** Counts a call as a request. */
    <T, E extends IOException> T request(Call<T, E> call) throws E {
        requests.increment();
        return part(call);
    }

    /** Counts the time of a call, and whether it fails, as part of a request that was counted. */
    <T, E extends IOException> T part(Call<T, E> call) throws E {
        long start = clock.ticks();
        boolean done = false;
        try {
            T result = call.run();
            done = true;
            return result;
        } finally {
            nanos.add(clock.ticks() - start);
            errors.add(done ? 0 : 1);
        }
    }

    void moved(long count) {
        bytes.add(count);
    }

    StoreUsage.Operation total() {
        return new StoreUsage.Operation(requests.sum(), errors.sum(), bytes.sum(), Duration.ofNanos(nanos.sum()));
    }
}
