package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.RestorePlan;
import java.time.Instant;
import java.util.Comparator;

/**
 * One LTX file at a replica, as a listing shows it.
 *
 * @param level 0 for single change sets, 1 to 8 for what spans several, 9 for baselines
 * @param range the TXIDs that its name says it spans
 * @param size in bytes
 * @param time the time of its newest change, where the store keeps the times given to it
 * @param key its key at the store
 */
public record LtxObject(int level, TxidRange range, long size, Instant time, String key)
        implements Comparable<LtxObject> {
    /** Header, end of pages, empty index, trailer: no LTX file is shorter. */
    private static final int SHORTEST_FILE = 131;

    private static final Comparator<LtxObject> ORDER = Comparator.comparingInt(LtxObject::level)
            .thenComparing(LtxObject::min)
            .thenComparing(LtxObject::max)
            .thenComparing(LtxObject::key);

    public Txid min() {
        return range.min();
    }

    public Txid max() {
        return range.max();
    }

    /** Whether there is not even room for what every LTX file has. */
    public boolean isTooShort() {
        return size < SHORTEST_FILE;
    }

    /** The same file with another time. */
    LtxObject withTime(Instant other) {
        return other.equals(time) ? this : new LtxObject(level, range, size, other, key);
    }

    /** The same file as part of a plan. */
    RestorePlan.PlannedFile planned() {
        return new RestorePlan.PlannedFile(level, key, range, size, time);
    }

    /** By level, then first TXID, then last. */
    @Override
    public int compareTo(LtxObject other) {
        return ORDER.compare(this, other);
    }
}
