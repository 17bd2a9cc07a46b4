package dev.runnel.testkit;

import java.io.IOException;

/** Counts the operations of a {@link CrashDisk} and says which of them fail. Guarded by the lock of its disk. */
final class Faults {
    /** What an operation asks of the device. */
    enum Need {
        NOTHING,
        ROOM
    }

    private long operations;
    private CrashDisk.Fault fault = CrashDisk.Fault.INPUT_OUTPUT_ERROR;
    private long first = Long.MAX_VALUE;
    private long last = Long.MAX_VALUE;

    long operations() {
        return operations;
    }

    void fail(long n, long count, CrashDisk.Fault with) {
        fault = with;
        first = operations + n;
        last = first + count - 1;
    }

    void heal() {
        first = Long.MAX_VALUE;
        last = Long.MAX_VALUE;
    }

    /** Counts an operation; true if it is to fail. */
    boolean hits(Need need) {
        operations++;
        return operations >= first && operations <= last && (fault != CrashDisk.Fault.DISK_FULL || need == Need.ROOM);
    }

    /** What a sync that fails does to its file. */
    void failedSync(CrashNode node) {
        if (fault == CrashDisk.Fault.INPUT_OUTPUT_ERROR) {
            node.losePending();
        }
    }

    IOException failure() {
        return new IOException(fault.message());
    }
}
