package dev.runnel.cli.daemon;

/**
 * Gives memory back when there is nothing to do any more. A machine that allocates nothing never collects, so it would
 * keep for weeks the peak memory of its start.
 */
final class IdleMemory {
    /** A process that allocates less than this between two checks is idle. */
    private static final long QUIET_BYTES = 8 << 20;

    private long usedBefore;
    private boolean done;

    /** To be called every ten seconds or so. */
    void look() {
        Runtime machine = Runtime.getRuntime();
        long used = machine.totalMemory() - machine.freeMemory();
        boolean quiet = used >= usedBefore && used - usedBefore < QUIET_BYTES;
        usedBefore = used;
        if (!quiet) {
            done = false;
        } else if (!done) {
            machine.gc();
            usedBefore = machine.totalMemory() - machine.freeMemory();
            done = true;
        }
    }
}
