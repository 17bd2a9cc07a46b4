package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.RestorePlan;
import java.time.Instant;
import java.util.Comparator;

/**
 * One object of a history, as a listing shows it, in any layout.
 *
 * @param level the kind: {@link #CHANGE_SETS}, {@link #SNAPSHOTS}, or between them what spans several change sets
 * @param range the TXIDs that its name says it spans; a snapshot spans everything from TXID 1 on
 * @param size in bytes
 * @param time the time of its newest change, where the store keeps the times given to it
 * @param key its key at the store
 */
public record HistoryObject(int level, TxidRange range, long size, Instant time, String key)
        implements Comparable<HistoryObject> {
    /** The level of single change sets. */
    public static final int CHANGE_SETS = 0;

    /** The lowest level of objects that span several change sets. */
    public static final int COMPACTED = 1;

    /** The level of snapshots. */
    public static final int SNAPSHOTS = 9;

    private static final Comparator<HistoryObject> ORDER = Comparator.comparingInt(HistoryObject::level)
            .thenComparing(HistoryObject::min)
            .thenComparing(HistoryObject::max)
            .thenComparing(HistoryObject::key);

    public Txid min() {
        return range.min();
    }

    public Txid max() {
        return range.max();
    }

    public boolean isSnapshot() {
        return level == SNAPSHOTS;
    }

    public boolean isChangeSet() {
        return level == CHANGE_SETS;
    }

    /** Whether it holds change sets that were compacted. */
    public boolean isCompacted() {
        return !isSnapshot() && !isChangeSet();
    }

    /** The same object with another time. */
    public HistoryObject withTime(Instant other) {
        return other.equals(time) ? this : new HistoryObject(level, range, size, other, key);
    }

    /** The same object as part of a plan. */
    public RestorePlan.PlannedFile planned() {
        return new RestorePlan.PlannedFile(level, key, range, size, time);
    }

    /** By level, then first TXID, then last. */
    @Override
    public int compareTo(HistoryObject other) {
        return ORDER.compare(this, other);
    }
}
