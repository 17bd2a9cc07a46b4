package dev.runnel.engine;

import java.time.Duration;

/**
 * When a database in rollback mode may be scanned: at once after a quiet time, else once a sync interval, and never for
 * more than a twentieth of the time. Pure arithmetic on ticks.
 */
final class ScanRhythm {
    private static final int SHARE = 20;
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

    private final long syncInterval;
    private long begunAt;
    private long spent;
    private long notBefore;
    private long pause = FIRST_PAUSE;

    ScanRhythm(Duration syncInterval, long now) {
        this.syncInterval = syncInterval.toNanos();
        this.notBefore = now;
    }

    boolean isDue(long now) {
        return now >= notBefore;
    }

    /** How long it is until a scan is due. */
    long untilDue(long now) {
        return Math.max(0, notBefore - now);
    }

    /** A step of a scan began at a time, and kept a lock for so long. */
    void worked(long at, long nanos) {
        if (spent == 0) {
            begunAt = at;
        }
        spent += Math.max(1, nanos);
    }

    /** The scan was completed. */
    void completed(long now) {
        ended(now);
        notBefore = Math.max(notBefore, begunAt + syncInterval);
    }

    /** The scan failed. */
    void interrupted(long now) {
        ended(now);
    }

    private void ended(long now) {
        notBefore = now + (SHARE - 1) * spent;
        spent = 0;
        pause = FIRST_PAUSE;
    }

    /** There was no lock to be had. */
    void refused(long now) {
        notBefore = now + pause;
        spent = 0;
        pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
}
