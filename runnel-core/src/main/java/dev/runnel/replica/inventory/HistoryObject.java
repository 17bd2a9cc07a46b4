package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.RestorePlan;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One object of a history, as a listing shows it, in any layout. There may be hundreds of thousands: numbers are held as
 * numbers, and a key that follows from them is made when it is asked for.
 */
public final class HistoryObject implements Comparable<HistoryObject> {
    /** The level of single change sets. */
    public static final int CHANGE_SETS = 0;

    /** The lowest level of objects that span several change sets. */
    public static final int COMPACTED = 1;

    /** The level of snapshots. */
    public static final int SNAPSHOTS = 9;

    /** By level, then first TXID, then last: what a name says. */
    static final Comparator<HistoryObject> BY_NAME = Comparator.<HistoryObject>comparingInt(object -> object.level)
            .thenComparingLong(object -> object.min)
            .thenComparingLong(object -> object.max);

    private static final Comparator<HistoryObject> ORDER = BY_NAME.thenComparing(HistoryObject::key);

    private final byte level;
    private final int nanos;
    private final long min;
    private final long max;
    private final long size;
    private final long seconds;
    private final Keys keys;

    /** How a layout names objects. */
    @FunctionalInterface
    public interface Keys {
        /** The key of an object. */
        String key(int level, TxidRange range);
    }

    /**
     * An object whose key follows from its level and range.
     *
     * @param level the kind: {@link #CHANGE_SETS}, {@link #SNAPSHOTS}, or between them what spans several change sets
     * @param range the TXIDs that its name says it spans; a snapshot spans everything from TXID 1 on
     * @param size in bytes
     * @param time the time of its newest change, where the store keeps the times given to it
     */
    public HistoryObject(int level, TxidRange range, long size, Instant time, Keys keys) {
        this(level, range.min().value(), range.max().value(), size, time, keys);
    }

    /** @param key its key at the store */
    public HistoryObject(int level, TxidRange range, long size, Instant time, String key) {
        this(level, range, size, time, (_, _) -> key);
    }

    HistoryObject(int level, long min, long max, long size, Instant time, Keys keys) {
        this.level = (byte) level;
        this.min = min;
        this.max = max;
        this.size = size;
        this.seconds = time.getEpochSecond();
        this.nanos = time.getNano();
        this.keys = keys;
    }

    public int level() {
        return level;
    }

    public TxidRange range() {
        return new TxidRange(min(), max());
    }

    public Txid min() {
        return new Txid(min);
    }

    public Txid max() {
        return new Txid(max);
    }

    public long size() {
        return size;
    }

    public Instant time() {
        return Instant.ofEpochSecond(seconds, nanos);
    }

    public String key() {
        return keys.key(level, range());
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

    /** Whether another object has the same level and range. */
    public boolean hasNameOf(HistoryObject other) {
        return BY_NAME.compare(this, other) == 0;
    }

    /** The same object with another time. */
    public HistoryObject withTime(Instant other) {
        return other.equals(time()) ? this : new HistoryObject(level, min, max, size, other, keys);
    }

    /** The same object as part of a plan. */
    public RestorePlan.PlannedFile planned() {
        return new RestorePlan.PlannedFile(level, key(), range(), size, time());
    }

    /** By level, then first TXID, then last. */
    @Override
    public int compareTo(HistoryObject other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HistoryObject it
                && BY_NAME.compare(this, it) == 0
                && size == it.size
                && seconds == it.seconds
                && nanos == it.nanos
                && key().equals(it.key());
    }

    @Override
    public int hashCode() {
        return Objects.hash(level, min, max, size, seconds, nanos);
    }

    @Override
    public String toString() {
        return key() + ", " + size + " bytes of " + time();
    }
}
