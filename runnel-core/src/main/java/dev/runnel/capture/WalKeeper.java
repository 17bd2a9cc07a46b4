package dev.runnel.capture;

import dev.runnel.platform.Clock;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a WAL from growing without end where the application's own checkpoints do not: by PASSIVE checkpoints, which
 * never wait, and by {@link ForcedWalReset} for a writer that never pauses.
 *
 * <p>A small WAL is backfilled in the first pause of the writer. SQLite would do that at the application's last close, but
 * cannot while Runnel has the database open; and a file that is moved over the database right after that close must not
 * meet frames of the old one.
 */
public final class WalKeeper {
    /** Below this the application's own checkpoints are left to themselves. */
    private static final long QUIETLY_TOLERATED = 8 << 20;

    /** A writer at full speed adds tens of megabytes while the WAL reset is being forced. */
    private static final int LAST_RESORT_OF_LIMIT = 2;

    /** So long without a commit is a pause. */
    private static final long PAUSE = Duration.ofMillis(100).toNanos();

    private static final long BETWEEN_PAUSES = Duration.ofMillis(250).toNanos();

    /** Of the time, at most. */
    private static final int SHARE_OF_TIME = 20;

    /** Far from where an application's own checkpoints begin, which must not meet ours if its library is faulty. */
    private static final int FRAMES_OF_A_FAULTY_WRITER = 500;

    private static final long STALLED = Duration.ofSeconds(2).toNanos();
    private static final long AFTER_A_READER = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 5;
    private static final long AFTER_CONTENTION = Duration.ofMillis(50).toNanos();
    private static final long BETWEEN_PASSIVE = Duration.ofSeconds(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(WalKeeper.class);

    private final Capture capture;
    private final Clock clock;
    private final ForcedWalReset forcedReset;
    private final long limit;
    private final boolean writerIsFaulty;
    private int heldInARow;
    private int lastBackfilled = -1;
    private long backfillMovedAt;
    private long notBefore = Long.MIN_VALUE;
    private long nextPause = Long.MIN_VALUE;

    /**
     * A keeper of one attached database.
     *
     * @param limit bytes that the WAL is to stay below
     */
    public WalKeeper(Capture capture, long limit, Clock clock) {
        this.capture = capture;
        this.clock = clock;
        this.forcedReset = new ForcedWalReset(capture, clock);
        this.limit = limit;
        this.writerIsFaulty = capture.files().file().header().isWriterFaulty();
        this.backfillMovedAt = clock.ticks();
    }

    /**
     * Looks at the WAL and does what is due.
     *
     * @param index what the wal-index says now
     * @param quietNanos how long nothing has changed
     * @return whether a checkpoint was made, so that the lock should be moved
     */
    public boolean look(WalIndexHeader index, long now, long quietNanos) throws IOException {
        if (index.backfilled() != lastBackfilled) {
            lastBackfilled = index.backfilled();
            backfillMovedAt = now;
        }
        if (index.isAllBackfilled() || now < notBefore) {
            return false;
        }
        long bytes = capture.files().wal().sizeOf(index.lastFrame());
        if (bytes < Math.min(QUIETLY_TOLERATED, limit / LAST_RESORT_OF_LIMIT)) {
            return copyBackInPause(index, now, quietNanos);
        }
        if (bytes >= limit / LAST_RESORT_OF_LIMIT) {
            ForcedWalReset.Result result = forcedReset.attempt();
            LOG.debug(
                    "{}-wal: {} MiB, forced WAL reset: {} after {} ms",
                    capture.files().database(),
                    bytes >> 20,
                    result,
                    (clock.ticks() - now) / 1_000_000);
            notBefore = now + pauseAfter(result);
            return true;
        }
        boolean quiet = quietNanos > STALLED;
        // With a library that can lose frames when two checkpoints meet, quiet is the only time that is safe.
        if (quiet || (now - backfillMovedAt > STALLED && !writerIsFaulty)) {
            notBefore = now + BETWEEN_PASSIVE;
            capture.checkpoint();
            return true;
        }
        return false;
    }

    private boolean copyBackInPause(WalIndexHeader index, long now, long quietNanos) throws IOException {
        if (quietNanos < PAUSE
                || now < nextPause
                || (writerIsFaulty && index.lastFrame() > FRAMES_OF_A_FAULTY_WRITER)) {
            return false;
        }
        capture.checkpoint();
        nextPause = now + Math.max(BETWEEN_PAUSES, SHARE_OF_TIME * (clock.ticks() - now));
        return true;
    }

    /**
     * Short-lived readers, including the writer's own, do not count as blocking: only a reader that stays is waited
     * for.
     */
    private long pauseAfter(ForcedWalReset.Result result) {
        heldInARow = result == ForcedWalReset.Result.HELD_BY_A_READER ? heldInARow + 1 : 0;
        return switch (result) {
            case DONE -> 0;
            case HELD_BY_A_READER -> Math.min(AFTER_CONTENTION << Math.min(heldInARow, MOST_DOUBLINGS), AFTER_A_READER);
            case CONTENDED -> AFTER_CONTENTION;
        };
    }
}
