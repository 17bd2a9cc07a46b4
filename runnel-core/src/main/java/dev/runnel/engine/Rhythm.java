package dev.runnel.engine;

import dev.runnel.sqlite.WalIndexHeader;
import java.time.Duration;
import java.util.Optional;

/**
 * When to look, when to hand over, when to ship. Pure arithmetic on ticks.
 *
 * <p>A commit makes its file-system event before it is published in the wal-index, and backfilling ends in shared
 * memory without any event at all. So after each event the wal-index is polled at growing intervals, which costs one
 * small read each; and the lock is moved whenever the wal-index has moved, at growing intervals too while that
 * continues, so that a busy writer is not disturbed and an application's own checkpoint waits for milliseconds only.
 */
final class Rhythm {
    private static final long MILLI = 1_000_000;
    private static final long SHORTEST_HOLD = 2 * MILLI;
    private static final long LONGEST_HOLD = 25 * MILLI;
    private static final long CALM = 200 * MILLI;

    private final long syncInterval;
    private final PollTimes looks;
    private long handedOverAt;
    private long hold = SHORTEST_HOLD;
    private long shippedAt;
    private Optional<WalIndexHeader> heldSince = Optional.empty();

    Rhythm(Duration syncInterval, long now) {
        this.syncInterval = syncInterval.toNanos();
        this.looks = new PollTimes(now);
        this.handedOverAt = now - LONGEST_HOLD;
        this.shippedAt = now - this.syncInterval;
    }

    /** Something happened to the files. */
    void event(long now) {
        looks.event(now);
    }

    /** How long nothing has happened. */
    long quietNanos(long now) {
        return looks.quietNanos(now);
    }

    /** Whether the lock should be moved now. */
    boolean isHandOverDue(WalIndexHeader index, long now) {
        return isMoved(index) && isHoldOver(now);
    }

    /** Whether the lock was where it is for long enough. */
    boolean isHoldOver(long now) {
        return now - handedOverAt >= hold;
    }

    /** Whether anything was committed or backfilled since the lock was moved. */
    boolean isMoved(WalIndexHeader index) {
        return heldSince.isEmpty() || !heldSince.get().equals(index);
    }

    /** The lock was moved; the wal-index was as given before. */
    void handedOver(WalIndexHeader before, long now) {
        boolean moved = isMoved(before);
        if (now - handedOverAt > CALM) {
            hold = SHORTEST_HOLD;
        } else if (moved) {
            hold = Math.min(hold * 2, LONGEST_HOLD);
        }
        if (moved) {
            event(now);
        }
        heldSince = Optional.of(before);
        handedOverAt = now;
    }

    /** Whether what is captured should become a change set now. */
    boolean isShippingDue(long now) {
        return now - shippedAt >= syncInterval;
    }

    void shipped(long now) {
        shippedAt = now;
    }

    /**
     * Whether the database is written to without a pause. Then looking at the rate of the hand-overs is all that is of
     * use, and events would only cost.
     */
    boolean isBusy(long now) {
        return hold == LONGEST_HOLD && now - handedOverAt <= CALM;
    }

    /** When to look again: nanoseconds from now. Before the lock may be moved again, looking is of no use. */
    long nextLook(boolean changesOpen, long now) {
        long next = Math.max(looks.next(now), handedOverAt + hold) - now;
        if (changesOpen) {
            next = Math.min(next, shippedAt + syncInterval - now);
        }
        return Math.max(next, MILLI / 2);
    }
}
