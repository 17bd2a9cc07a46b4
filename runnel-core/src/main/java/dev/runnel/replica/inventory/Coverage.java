package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a set of objects reaches. A state is reached by objects of which each starts at most one TXID after the state before
 * it and ends beyond it; the first starts at TXID 1. Objects may overlap: what two hold of the same TXIDs, the one that
 * ends later holds in its newer version.
 */
public final class Coverage {
    /** Furthest first; then what costs least to read, then what was merged most, so that the answer is always the same. */
    private static final Comparator<HistoryObject> BETTER = Comparator.comparing(HistoryObject::max)
            .thenComparing(Comparator.comparingLong(HistoryObject::size).reversed())
            .thenComparingInt(HistoryObject::level)
            .thenComparing(HistoryObject::key);

    private final List<HistoryObject> byStart;
    private Optional<NavigableMap<Txid, Instant>> points = Optional.empty();
    private Optional<NavigableMap<Txid, Txid>> changes = Optional.empty();

    public Coverage(Collection<HistoryObject> objects) {
        this.byStart = objects.stream()
                .sorted(Comparator.comparing(HistoryObject::min).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /**
     * The TXIDs that these objects restore, each with the earliest time of an object that leads to it: a snapshot is younger
     * than the TXID it holds, a change set is as old.
     */
    public NavigableMap<Txid, Instant> points() {
        NavigableMap<Txid, Instant> found = points.orElseGet(() -> reachable(byStart));
        points = Optional.of(found);
        return found;
    }

    /** The newest TXID that these objects restore, or {@link Txid#NONE}. */
    public Txid furthest() {
        Txid at = Txid.NONE;
        for (HistoryObject object : byStart) {
            if (!follows(object, at)) {
                break;
            }
            at = object.max().isAfter(at) ? object.max() : at;
        }
        return at;
    }

    /** The time of a reachable TXID. */
    public Instant timeOf(Txid reached) {
        return Objects.requireNonNull(points().get(reached));
    }

    /** Whether one object that is not a snapshot holds every TXID after one state, up to another. */
    public boolean leadsOn(Txid from, Txid to) {
        NavigableMap<Txid, Txid> found = changes.orElseGet(() -> changes(byStart));
        changes = Optional.of(found);
        Map.Entry<Txid, Txid> furthest = found.floorEntry(from.next());
        return furthest != null && !to.isAfter(furthest.getValue());
    }

    /** The fewest objects that restore a reachable TXID, in the order in which they apply. */
    public List<HistoryObject> chain(Txid target) {
        List<HistoryObject> chain = new ArrayList<>();
        Txid at = Txid.NONE;
        Optional<HistoryObject> best = Optional.empty();
        int next = 0;
        while (target.isAfter(at)) {
            for (; next < byStart.size() && follows(byStart.get(next), at); next++) {
                HistoryObject object = byStart.get(next);
                if (!object.max().isAfter(target)
                        && best.map(b -> BETTER.compare(object, b) > 0).orElse(true)) {
                    best = Optional.of(object);
                }
            }
            HistoryObject chosen = best.orElseThrow();
            if (!chosen.max().isAfter(at)) {
                throw new IllegalArgumentException("TXID " + target + " is not reachable");
            }
            chain.add(chosen);
            at = chosen.max();
        }
        return List.copyOf(chain);
    }

    /**
     * Going upwards, a TXID at which an object ends is reached if that object starts right after, or before, the highest one
     * reached so far: from a higher state every object can follow that could follow a lower one.
     */
    private static NavigableMap<Txid, Instant> reachable(Collection<HistoryObject> objects) {
        NavigableMap<Txid, Instant> reached = new TreeMap<>();
        Txid before = Txid.NONE;
        Txid highest = Txid.NONE;
        for (HistoryObject object : byEnd(objects)) {
            if (object.max().isAfter(highest)) {
                before = reached.isEmpty() ? Txid.NONE : reached.lastKey();
                highest = object.max();
            }
            if (follows(object, before)) {
                reached.merge(object.max(), object.time(), (one, other) -> other.isBefore(one) ? other : one);
            }
        }
        return Collections.unmodifiableNavigableMap(reached);
    }

    /** Whether an object continues a state, or starts before it. No TXID is too high for this. */
    private static boolean follows(HistoryObject object, Txid state) {
        return object.min().value() - 1 <= state.value();
    }

    /** For each TXID at which changes start, how far any object goes that starts there or before. */
    private static NavigableMap<Txid, Txid> changes(List<HistoryObject> byStart) {
        NavigableMap<Txid, Txid> furthest = new TreeMap<>();
        Txid max = Txid.NONE;
        for (HistoryObject object : byStart) {
            if (!object.isSnapshot()) {
                max = object.max().isAfter(max) ? object.max() : max;
                furthest.put(object.min(), max);
            }
        }
        return furthest;
    }

    private static List<HistoryObject> byEnd(Collection<HistoryObject> objects) {
        return objects.stream().sorted(Comparator.comparing(HistoryObject::max)).toList();
    }
}
