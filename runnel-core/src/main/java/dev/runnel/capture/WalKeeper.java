package dev.runnel.capture;

import dev.runnel.platform.Clock;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a WAL from growing without end, and only where the application does not manage by itself. Nearly always that is
 * nothing, or a PASSIVE checkpoint, which waits for nobody; and {@link LastResort} for a writer that never pauses.
 */
public final class WalKeeper {
    /** Below this the application's own checkpoints are left to themselves. */
    private static final long QUIETLY_TOLERATED = 8 << 20;

    /** A writer at full speed adds tens of megabytes while the last resort is being taken. */
    private static final int LAST_RESORT_OF_LIMIT = 2;

    private static final long STALLED = Duration.ofSeconds(2).toNanos();
    private static final long AFTER_A_READER = Duration.ofSeconds(1).toNanos();
    private static final int MOST_DOUBLINGS = 5;
    private static final long AFTER_CONTENTION = Duration.ofMillis(50).toNanos();
    private static final long BETWEEN_PASSIVE = Duration.ofSeconds(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(WalKeeper.class);

    private final Capture capture;
    private final Clock clock;
    private final LastResort lastResort;
    private final long limit;
    private final boolean writerIsFaulty;
    private int heldInARow;
    private int lastBackfilled = -1;
    private long backfillMovedAt;
    private long notBefore = Long.MIN_VALUE;

    /**
     * A keeper of one attached database.
     *
     * @param limit bytes that the WAL is to stay below
     */
    public WalKeeper(Capture capture, long limit, Clock clock) {
        this.capture = capture;
        this.clock = clock;
        this.lastResort = new LastResort(capture, clock);
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
        long bytes = capture.files().wal().sizeOf(index.lastFrame());
        if (bytes < Math.min(QUIETLY_TOLERATED, limit / LAST_RESORT_OF_LIMIT)
                || index.isAllBackfilled()
                || now < notBefore) {
            return false;
        }
        if (bytes >= limit / LAST_RESORT_OF_LIMIT) {
            LastResort.Result result = lastResort.attempt();
            LOG.debug(
                    "{}-wal: {} MiB, last resort: {} after {} ms",
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

    /** A reader may be one of a moment, the writer itself among them: only one that stays is waited for. */
    private long pauseAfter(LastResort.Result result) {
        heldInARow = result == LastResort.Result.HELD_BY_A_READER ? heldInARow + 1 : 0;
        return switch (result) {
            case DONE -> 0;
            case HELD_BY_A_READER -> Math.min(AFTER_CONTENTION << Math.min(heldInARow, MOST_DOUBLINGS), AFTER_A_READER);
            case CONTENDED -> AFTER_CONTENTION;
        };
    }
}
