package dev.runnel.doctor;

import dev.runnel.replica.inventory.HistoryObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Objects that hold some of the same TXIDs, though none of them is compacted from the others: a compacted object ends where
 * objects of the levels below it end, and the objects of one level follow each other. Snapshots hold everything.
 */
final class Overlaps {
    private static final String NEXT_STEP =
            "Runnel restores from such history. Check it with \"runnel verify -bytes\", and make a snapshot with \"runnel"
                    + " replicate -once -force-snapshot\": newer points do not depend on these objects then.";
    private static final String REMAINS =
            "No action needed: \"runnel replicate\" removes it when it next removes obsolete objects.";

    private final TreeMap<Integer, TreeMap<Long, HistoryObject>> levels = new TreeMap<>();
    private final List<Fault> found = new ArrayList<>();

    private Overlaps() {}

    static List<Fault> in(Collection<HistoryObject> objects) {
        Overlaps overlaps = new Overlaps();
        objects.stream().filter(object -> !object.isSnapshot()).sorted().forEach(overlaps::add);
        overlaps.betweenLevels();
        return List.copyOf(overlaps.found);
    }

    /** In the order of their first TXIDs, level by level. */
    private void add(HistoryObject object) {
        TreeMap<Long, HistoryObject> level = levels.computeIfAbsent(object.level(), _ -> new TreeMap<>());
        Optional<HistoryObject> before = level.isEmpty() ? Optional.empty() : Optional.of(lastOf(level));
        if (before.isPresent() && !object.min().isAfter(before.get().max())) {
            found.add(overlap(before.get(), object));
        }
        boolean reachesFurther =
                before.isEmpty() || object.max().isAfter(before.get().max());
        if (reachesFurther) {
            level.put(object.min().value(), object);
        }
    }

    private static HistoryObject lastOf(NavigableMap<Long, HistoryObject> level) {
        return level.lastEntry().getValue();
    }

    private void betweenLevels() {
        for (TreeMap<Long, HistoryObject> level : levels.values()) {
            for (HistoryObject object : level.values()) {
                levels.tailMap(object.level() + 1).values().forEach(higher -> compare(object, higher));
            }
        }
    }

    /** Whether a compacted object of a higher level begins or ends within an object. */
    private void compare(HistoryObject object, NavigableMap<Long, HistoryObject> higher) {
        Optional<HistoryObject> atStart = at(higher, object.min().value());
        Optional<HistoryObject> atEnd = at(higher, object.max().value());
        if (atStart.isPresent() && object.max().isAfter(atStart.get().max())) {
            found.add(overlap(object, atStart.get()));
        } else if (atEnd.isPresent() && atEnd.get().min().isAfter(object.min())) {
            found.add(overlap(object, atEnd.get()));
        }
    }

    private static Optional<HistoryObject> at(NavigableMap<Long, HistoryObject> level, long txid) {
        return Optional.ofNullable(level.floorEntry(txid))
                .map(Map.Entry::getValue)
                .filter(object -> object.max().value() >= txid);
    }

    private static Fault overlap(HistoryObject one, HistoryObject other) {
        boolean isInside = one.level() == other.level() && (holds(one, other) || holds(other, one));
        HistoryObject inner = isInside && holds(other, one) ? one : other;
        HistoryObject outer = inner.equals(one) ? other : one;
        return isInside
                ? Fault.of(
                        Kind.OVERLAP,
                        inner.key(),
                        outer.key() + ", of the same level, holds the same TXIDs and more, so it is not read",
                        Stake.NOTHING,
                        REMAINS)
                : Fault.of(
                        Kind.OVERLAP,
                        one.key(),
                        "it and " + other.key()
                                + " hold some of the same TXIDs, and neither holds all that the other does",
                        Stake.POINTS,
                        NEXT_STEP);
    }

    private static boolean holds(HistoryObject outer, HistoryObject inner) {
        return !outer.min().isAfter(inner.min()) && !inner.max().isAfter(outer.max());
    }
}
