package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known of the generation that history goes on in: what was there when it was last listed, what was written since,
 * and what came out when an object was read. A listing is held against it. May be used from several threads.
 */
final class GenerationsInventory {
    private final Clock clock;
    private Optional<Current> current = Optional.empty();
    private Txid reached = Txid.NONE;
    private final BitSet segments = new BitSet();
    private final TreeMap<Integer, KnownSnapshot> snapshots = new TreeMap<>();
    private final Map<String, Long> unsound = new HashMap<>();
    private final Set<String> sound = new HashSet<>();
    private Optional<Read> newest = Optional.empty();
    private long changes;

    /** The generation that history goes on in. */
    record Current(String generation, long lineage) {}

    /**
     * @param since when it was written or first seen, in ticks
     * @param change which change of what is known it came with
     */
    private record KnownSnapshot(Snapshot snapshot, long since, long change) {}

    /** An object that was written or read, and what it proves. */
    private record Read(String key, long size, Proof proof) {}

    GenerationsInventory(Clock clock) {
        this.clock = clock;
    }

    synchronized Optional<Current> current() {
        return current;
    }

    /** A mark to be taken before a listing is made. */
    synchronized long mark() {
        return changes;
    }

    /** The newest TXID that restores. */
    synchronized Txid reached() {
        return reached;
    }

    /**
     * Takes in what a listing shows of the generation that history goes on in.
     *
     * @param mark from before the listing
     * @return whether everything is listed that was known
     */
    synchronized boolean listed(Generation generation, Txid whole, long mark) {
        goOnIn(new Current(generation.name(), generation.lineage().orElseThrow()));
        reached = whole;
        BitSet found = new BitSet();
        generation.segments().forEach(segment -> found.set(segment.index()));
        segments.andNot(found);
        boolean isComplete = segments.isEmpty();
        segments.clear();
        segments.or(found);
        Set<Integer> indexes = new HashSet<>();
        for (Snapshot snapshot : generation.snapshots()) {
            indexes.add(snapshot.index());
            snapshots.computeIfAbsent(snapshot.index(), _ -> new KnownSnapshot(snapshot, clock.ticks(), mark));
        }
        boolean isMissing = snapshots
                .entrySet()
                .removeIf(entry ->
                        !indexes.contains(entry.getKey()) && entry.getValue().change() <= mark);
        return !isMissing && isComplete;
    }

    private void goOnIn(Current generation) {
        if (!current.equals(Optional.of(generation))) {
            current = Optional.of(generation);
            segments.clear();
            snapshots.clear();
        }
    }

    /** Whether an object may be what its name says: nobody has read it and found that it is not. */
    synchronized boolean isUsable(GenerationObject object) {
        Long size = unsound.get(object.key());
        return object.size() >= Lz4FrameOutput.SMALLEST && (size == null || size != object.size());
    }

    /** An object was read and is not as it must be. Only another size, or writing it, gives it another chance. */
    synchronized void unsound(GenerationObject object) {
        unsound.put(object.key(), object.size());
        sound.remove(object.key());
    }

    /** What an object proves, if it was written or read before. */
    synchronized Optional<Proof> proof(GenerationObject object) {
        return newest.filter(read -> read.key().equals(object.key()) && read.size() == object.size())
                .map(Read::proof);
    }

    /** An object was read, and this is what it proves. */
    synchronized void read(GenerationObject object, Proof proof) {
        newest = Optional.of(new Read(object.key(), object.size(), proof));
    }

    /** A segment was written that continues the generation. */
    synchronized void appended(GenerationObject segment, Txid txid, Proof proof) {
        segments.set(segment.index());
        unsound.remove(segment.key());
        reached = txid.isAfter(reached) ? txid : reached;
        read(segment, proof);
    }

    /** A snapshot was written, perhaps the first of a generation. */
    synchronized void snapshot(Snapshot snapshot, long lineage) {
        goOnIn(new Current(snapshot.generation(), lineage));
        snapshots.put(snapshot.index(), new KnownSnapshot(snapshot, clock.ticks(), ++changes));
        unsound.remove(snapshot.key());
        sound.add(snapshot.key());
    }

    /** Whether a snapshot was written, or read from end to end. */
    synchronized boolean isSound(Snapshot snapshot) {
        return sound.contains(snapshot.key());
    }

    synchronized void sound(Snapshot snapshot) {
        sound.add(snapshot.key());
    }

    /** The newest snapshot of the generation that history goes on in. */
    synchronized Optional<Snapshot> newestSnapshot() {
        return Optional.ofNullable(snapshots.lastEntry())
                .map(entry -> entry.getValue().snapshot());
    }

    /** For how many nanoseconds a snapshot has been known. */
    synchronized long knownFor(Snapshot snapshot) {
        KnownSnapshot known = snapshots.get(snapshot.index());
        return known == null ? 0 : clock.ticks() - known.since();
    }

    /** Objects of the generation that history goes on in were removed: all below an index. */
    synchronized void removedBelow(int snapshot, int segment) {
        snapshots
                .headMap(snapshot)
                .values()
                .forEach(known -> sound.remove(known.snapshot().key()));
        snapshots.headMap(snapshot).clear();
        segments.clear(0, Math.max(0, segment));
    }
}
