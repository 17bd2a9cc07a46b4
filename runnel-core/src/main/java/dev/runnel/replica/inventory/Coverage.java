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
    private Optional<Reached> reached = Optional.empty();
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
        NavigableMap<Txid, Instant> found = points.orElseGet(() -> reached().points());
        points = Optional.of(found);
        return found;
    }

    /** Whether a TXID is among {@link #points}, which takes less memory than all of them. */
    public boolean reaches(Txid txid) {
        return reached().earliest(txid).isPresent();
    }

    private Reached reached() {
        Reached found = reached.orElseGet(() -> Reached.of(byStart));
        reached = Optional.of(found);
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
    public Instant timeOf(Txid txid) {
        return reached().earliest(txid).orElseThrow().time();
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

    /** The TXIDs that objects restore, ascending: of each the object that ends there with the earliest time. */
    private record Reached(List<HistoryObject> earliest) {
        /**
         * Going upwards, a TXID at which an object ends is reached if that object starts right after, or before, the highest
         * one reached so far: from a higher state every object can follow that could follow a lower one.
         */
        static Reached of(Collection<HistoryObject> objects) {
            List<HistoryObject> found = new ArrayList<>();
            Txid before = Txid.NONE;
            Txid highest = Txid.NONE;
            for (HistoryObject object : byEnd(objects)) {
                if (object.max().isAfter(highest)) {
                    before = found.isEmpty() ? Txid.NONE : found.getLast().max();
                    highest = object.max();
                }
                if (follows(object, before)) {
                    boolean isFirst = found.isEmpty() || !found.getLast().max().equals(highest);
                    if (!isFirst && object.time().isBefore(found.getLast().time())) {
                        found.removeLast();
                        found.add(object);
                    } else if (isFirst) {
                        found.add(object);
                    }
                }
            }
            return new Reached(found);
        }

        Optional<HistoryObject> earliest(Txid txid) {
            int low = 0;
            int high = earliest.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                int order = earliest.get(middle).max().compareTo(txid);
                if (order == 0) {
                    return Optional.of(earliest.get(middle));
                }
                low = order < 0 ? middle + 1 : low;
                high = order < 0 ? high : middle - 1;
            }
            return Optional.empty();
        }

        NavigableMap<Txid, Instant> points() {
            NavigableMap<Txid, Instant> found = new TreeMap<>();
            earliest.forEach(object -> found.put(object.max(), object.time()));
            return Collections.unmodifiableNavigableMap(found);
        }
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
