package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The objects of a history that no promised restore point needs.
 *
 * <p>What is before the newest snapshot that is old enough is not promised any more. A single change set goes when it is
 * old enough and a compacted object holds it, together with all others in that object, or the rest of them could not be
 * reached. A compacted object goes when nothing leads to it and another of its level holds all of it. Of each level but
 * that of snapshots the newest object stays: readers continue from there. What must never be removed stays, whatever its
 * age.
 *
 * @param objects that may be removed
 * @param replacements what has to be proven before, or none of the objects may be removed
 */
public record Obsolete(List<HistoryObject> objects, Set<HistoryObject> replacements) {
    private static final Obsolete NONE = new Obsolete(List.of(), Set.of());

    /**
     * Finds them.
     *
     * @param listed every object there is
     * @param usable those that can be relied on
     * @param isRemovable whether an object may ever be removed
     */
    public static Obsolete of(
            Collection<HistoryObject> listed,
            Collection<HistoryObject> usable,
            Predicate<HistoryObject> isRemovable,
            AgeSource ages) {
        Search search = new Search(listed, usable, isRemovable);
        search.beforeFloor(floor(usable, ages));
        search.compacted(ages.isOldChangeSet);
        search.shadowed(ages.isOldChangeSet);
        return search.result();
    }

    /**
     * How old objects have to be.
     *
     * @param isExpired whether a snapshot is so old that everything before it may go
     * @param isOldChangeSet whether an object is older than single change sets are promised
     */
    public record AgeSource(Predicate<HistoryObject> isExpired, Predicate<HistoryObject> isOldChangeSet) {}

    /** The newest snapshot that is old enough: what is before it is not promised any more. */
    public static Optional<HistoryObject> floor(Collection<HistoryObject> usable, AgeSource ages) {
        return usable.stream()
                .filter(HistoryObject::isSnapshot)
                .filter(ages.isExpired)
                .max(Comparator.comparing(HistoryObject::max));
    }

    private static final class Search {
        private final Collection<HistoryObject> listed;
        private final Collection<HistoryObject> usable;
        private final Predicate<HistoryObject> isRemovable;
        private final Coverage reach;
        private final NavigableSet<HistoryObject> going = new TreeSet<>();
        private final NavigableMap<Txid, HistoryObject> changeSets = new TreeMap<>();
        private final Set<HistoryObject> replacements = new HashSet<>();
        private final Set<HistoryObject> newest = new HashSet<>();
        private Txid floor = Txid.NONE;

        Search(
                Collection<HistoryObject> listed,
                Collection<HistoryObject> usable,
                Predicate<HistoryObject> isRemovable) {
            this.listed = listed;
            this.usable = usable;
            this.isRemovable = isRemovable;
            this.reach = new Coverage(usable);
            TreeMap<Integer, HistoryObject> last = new TreeMap<>();
            for (HistoryObject object : listed) {
                last.merge(object.level(), object, (a, b) -> b.max().isAfter(a.max()) ? b : a);
                if (object.isChangeSet()) {
                    changeSets.put(object.max(), object);
                }
            }
            last.remove(HistoryObject.SNAPSHOTS);
            newest.addAll(last.values());
        }

        /** What is before the newest snapshot that is old enough. */
        void beforeFloor(Optional<HistoryObject> snapshot) {
            if (snapshot.isPresent()) {
                floor = snapshot.get().max();
                List<HistoryObject> earlier = listed.stream()
                        .filter(object -> floor.isAfter(object.max()))
                        .toList();
                remove(earlier, snapshot.get());
            }
        }

        /** Single change sets that are in a compacted object. */
        void compacted(Predicate<HistoryObject> isOld) {
            for (HistoryObject object : usable) {
                if (object.level() != HistoryObject.COMPACTED || going.contains(object) || !isReachable(object)) {
                    continue;
                }
                Collection<HistoryObject> inside = changeSets
                        .subMap(object.min(), true, object.max(), true)
                        .values();
                if (inside.stream().allMatch(isOld)) {
                    remove(inside, object);
                }
            }
        }

        /** Compacted objects that lie inside another. */
        void shadowed(Predicate<HistoryObject> isOld) {
            Optional<HistoryObject> widest = Optional.empty();
            for (HistoryObject object : usable.stream().sorted(Search::byStart).toList()) {
                if (!object.isCompacted() || going.contains(object)) {
                    continue;
                }
                boolean inside = widest.isPresent()
                        && widest.get().level() == object.level()
                        && !object.max().isAfter(widest.get().max());
                if (!inside) {
                    widest = Optional.of(object);
                } else if (isOld.test(object) && isReachable(widest.get()) && !isReachable(object)) {
                    remove(List.of(object), widest.get());
                }
            }
        }

        private static int byStart(HistoryObject one, HistoryObject other) {
            return Comparator.comparingInt(HistoryObject::level)
                    .thenComparing(HistoryObject::min)
                    .thenComparing(Comparator.comparing(HistoryObject::max).reversed())
                    .compare(one, other);
        }

        private void remove(Collection<HistoryObject> objects, HistoryObject replacement) {
            for (HistoryObject object : objects) {
                if (isRemovable.test(object) && !newest.contains(object) && going.add(object)) {
                    replacements.add(replacement);
                }
            }
        }

        /** Whether a state that this object ends at can be restored. */
        private boolean isReachable(HistoryObject object) {
            return reach.reaches(object.max());
        }

        /** Nothing at all if a point that is to stay would be lost: then the objects are not what they seem. */
        Obsolete result() {
            List<HistoryObject> staying =
                    usable.stream().filter(object -> !going.contains(object)).toList();
            Coverage after = new Coverage(staying);
            boolean nothingLost = after.furthest().equals(reach.furthest())
                    && staying.stream()
                            .filter(object -> object.max().isAfter(floor) && !isNewestChangeSet(object))
                            .allMatch(object -> !isReachable(object) || after.reaches(object.max()));
            return nothingLost ? new Obsolete(new ArrayList<>(going), Set.copyOf(replacements)) : NONE;
        }

        private boolean isNewestChangeSet(HistoryObject object) {
            return object.isChangeSet() && newest.contains(object);
        }
    }
}
