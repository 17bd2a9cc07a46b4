package dev.runnel.store;

import java.time.Duration;

/** What was asked of a store so far, by operation. */
public record StoreUsage(Operation list, Operation open, Operation stat, Operation put, Operation delete) {
    /**
     * Calls of one operation.
     *
     * @param requests calls, those that failed included
     * @param errors calls that failed
     * @param bytes of content, read or written
     * @param time that callers spent waiting in it, reading and writing of content included
     */
    public record Operation(long requests, long errors, long bytes, Duration time) {}

    /** Calls of all operations together. */
    public Operation total() {
        Operation sum = list;
        for (Operation one : new Operation[] {open, stat, put, delete}) {
            sum = new Operation(
                    sum.requests + one.requests,
                    sum.errors + one.errors,
                    sum.bytes + one.bytes,
                    sum.time.plus(one.time));
        }
        return sum;
    }
}
