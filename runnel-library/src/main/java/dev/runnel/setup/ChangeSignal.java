package dev.runnel.setup;

import java.util.concurrent.TimeUnit;

/** Wakes those who wait for a change. They count changes before they look, so that none is missed. */
public final class ChangeSignal {
    private long changes;

    /** Something has changed. */
    public synchronized void wake() {
        changes++;
        notifyAll();
    }

    /** How many changes there have been; to be asked for before looking. */
    public synchronized long changes() {
        return changes;
    }

    /** Waits until there have been more changes than were seen, or for so long. */
    public synchronized void awaitChange(long seen, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; changes == seen && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
