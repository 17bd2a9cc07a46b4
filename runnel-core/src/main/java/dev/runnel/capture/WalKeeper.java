package dev.runnel.capture;

import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.SqliteConnection;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps a WAL from growing without end, and only where the application does not manage by itself. Nearly always that is
 * nothing, or a PASSIVE checkpoint, which waits for nobody. The last resort, for a writer that never pauses, holds the
 * write lock for as long as it takes to copy back the last megabyte, so that the next writer finds no frame in use and
 * starts the WAL anew.
 */
public final class WalKeeper {
    /** Below this the application's own checkpoints are left to themselves. */
    private static final long QUIETLY_TOLERATED = 8 << 20;

    private static final long SMALL_REST = 1 << 20;
    private static final int ROUNDS = 4;
    private static final long STALLED = Duration.ofSeconds(2).toNanos();
    private static final long AFTER_FAILURE = Duration.ofSeconds(10).toNanos();
    private static final long BETWEEN_PASSIVE = Duration.ofSeconds(1).toNanos();

    private final Capture capture;
    private final long limit;
    private final boolean writerIsFaulty;
    private int lastBackfilled = -1;
    private long backfillMovedAt;
    private long notBefore = Long.MIN_VALUE;

    /**
     * A keeper of one attached database.
     *
     * @param limit bytes of WAL past which the last resort is taken
     */
    public WalKeeper(Capture capture, long limit, long now) {
        this.capture = capture;
        this.limit = limit;
        this.writerIsFaulty = capture.files().header().isWriterFaulty();
        this.backfillMovedAt = now;
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
        if (bytes < QUIETLY_TOLERATED || (index.isAllBackfilled() && bytes < limit) || now < notBefore) {
            return false;
        }
        if (bytes >= limit) {
            notBefore = now + (lastResort() ? 0 : AFTER_FAILURE);
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

    /** Returns false if somebody else's reader holds the frames, or the write lock is not to be had. */
    private boolean lastResort() throws IOException {
        for (int i = 0; i < ROUNDS && bytesToCopy() > SMALL_REST; i++) {
            capture.checkpoint();
            capture.handOver();
        }
        if (bytesToCopy() > SMALL_REST) {
            return false;
        }
        SourceFiles files = capture.files();
        SqliteConnection writeLock = files.connect();
        SqliteConnection checkpointer = files.connect();
        try {
            writeLock.beginImmediate();
            capture.handOver();
            checkpointer.checkpointPassive();
            capture.handOver();
            writeLock.end();
        } catch (SourceException.Refused _) {
            // Somebody is writing for longer than the busy timeout; there is always a next time.
            return false;
        } finally {
            files.disconnect(checkpointer);
            files.disconnect(writeLock);
        }
        return capture.peek().isAllBackfilled();
    }

    private long bytesToCopy() throws IOException {
        WalIndexHeader index = capture.peek();
        return capture.files().wal().sizeOf(index.lastFrame() - index.backfilled());
    }
}
