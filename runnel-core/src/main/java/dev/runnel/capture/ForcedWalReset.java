package dev.runnel.capture;

import dev.runnel.platform.Clock;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.SqliteConnection;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * Resets the WAL when a writer never pauses and the WAL grows. SQLite resets it only when a writer finds everything
 * backfilled and no reader that needs it; while Runnel follows, that happens only in a pause. So Runnel takes the write
 * lock for as long as it takes to backfill the last few frames and to move its own lock to read mark 0.
 *
 * <p>Everything that takes time is done before: connections are open, and little is left to be backfilled.
 */
final class ForcedWalReset {
    private static final long SMALL_REST = 4 << 20;
    private static final long APPROACH = Duration.ofMillis(500).toNanos();
    private static final long ACQUIRE = Duration.ofMillis(50).toNanos();
    private static final long WITHOUT_PAUSE = Duration.ofMillis(2).toNanos();
    private static final Duration BETWEEN_TRIES = Duration.ofNanos(100_000);
    private static final long HOLD = Duration.ofMillis(20).toNanos();
    private static final int MOST_DOUBLINGS = 4;

    private final Capture capture;
    private final Clock clock;
    private int doublings;

    /** The outcome of an attempt. */
    enum Result {
        /** The next writer resets the WAL. */
        DONE,
        /** Another process's reader needs the frames. */
        HELD_BY_A_READER,
        /** The writer is faster, or another process is backfilling or has the write lock for long. */
        CONTENDED
    }

    ForcedWalReset(Capture capture, Clock clock) {
        this.capture = capture;
        this.clock = clock;
    }

    /**
     * Tries once. Each attempt in a row that a fast writer has thwarted doubles the limits of the next one, up to
     * sixteen times.
     */
    Result attempt() throws IOException {
        Result result = attemptOnce();
        doublings = result == Result.CONTENDED ? Math.min(doublings + 1, MOST_DOUBLINGS) : 0;
        return result;
    }

    private Result attemptOnce() throws IOException {
        SourceFiles files = capture.files();
        SqliteConnection writeLock = files.connect();
        SqliteConnection checkpointer = files.connect();
        try {
            Result approached = approach(checkpointer);
            if (approached == Result.DONE) {
                // What is durable now costs no time under the lock.
                files.sync();
                approached = approach(checkpointer);
            }
            if (approached != Result.DONE) {
                return approached;
            }
            if (!acquire(writeLock)) {
                return Result.CONTENDED;
            }
            try {
                return isRestSmall() ? underLock(checkpointer) : Result.CONTENDED;
            } finally {
                writeLock.end();
            }
        } finally {
            files.disconnect(checkpointer);
            files.disconnect(writeLock);
        }
    }

    /** The gaps between a busy writer's transactions are short; a large transaction needs the processor itself. */
    private boolean acquire(SqliteConnection writeLock) throws IOException {
        long begun = clock.ticks();
        while (!writeLock.tryBeginImmediate()) {
            long tried = clock.ticks() - begun;
            if (tried > ACQUIRE << doublings) {
                return false;
            }
            if (tried > WITHOUT_PAUSE) {
                pause();
            }
        }
        return true;
    }

    private void pause() throws InterruptedIOException {
        try {
            clock.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    /** Backfills and follows, without any lock, until little is left. */
    private Result approach(SqliteConnection checkpointer) throws IOException {
        long begun = clock.ticks();
        int pinnedBefore = 0;
        do {
            capture.handOver();
            boolean ran = capture.files().checkpointPassive(checkpointer);
            if (isRestSmall()) {
                return Result.DONE;
            }
            // Compared with the round before: a writer's own read lock briefly outlives its commit.
            if (ran && capture.peek().backfilled() < pinnedBefore) {
                return Result.HELD_BY_A_READER;
            }
            pinnedBefore = capture.lastFrame();
        } while (clock.ticks() - begun < APPROACH);
        return Result.CONTENDED;
    }

    /** All of this is the application's waiting time. */
    private Result underLock(SqliteConnection checkpointer) throws IOException {
        long begun = clock.ticks();
        capture.handOver();
        int before;
        do {
            before = capture.peek().backfilled();
            boolean ran = capture.files().checkpointPassive(checkpointer);
            if (capture.peek().isAllBackfilled()) {
                capture.handOver();
                return Result.DONE;
            }
            // The last writer's own read lock may have been there when it began, and is gone when it ends.
            if (ran && capture.peek().backfilled() == before) {
                return Result.HELD_BY_A_READER;
            }
        } while (clock.ticks() - begun < HOLD << doublings);
        return Result.CONTENDED;
    }

    private boolean isRestSmall() throws IOException {
        WalIndexHeader index = capture.peek();
        return capture.files().wal().sizeOf(index.lastFrame() - index.backfilled()) <= SMALL_REST << doublings;
    }
}
