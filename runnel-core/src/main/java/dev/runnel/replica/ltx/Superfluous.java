package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import java.time.Instant;
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
 * The files of a replica that no promised point needs.
 *
 * <p>What is before the newest baseline that is old enough is not promised any more. A single change set goes when it is
 * old enough and a merged file holds it, together with all others in that file, or the rest of them could not be reached. A
 * merged file goes when nothing leads to it and another of its level holds all of it. Of each level but that of baselines
 * the newest file stays: readers go on from there.
 *
 * @param files that may go
 * @param reliesOn what has to be sound, or the files may not go
 */
record Superfluous(List<LtxObject> files, Set<LtxObject> reliesOn) {
    private static final Superfluous NONE = new Superfluous(List.of(), Set.of());

    /**
     * Finds them.
     *
     * @param listed every file there is
     * @param usable those that can be relied on
     */
    static Superfluous of(Collection<LtxObject> listed, Collection<LtxObject> usable, Ages ages) {
        Search search = new Search(listed, usable);
        search.before(ages);
        search.merged(ages.isOldChangeSet);
        search.shadowed(ages.isOldChangeSet);
        return search.result();
    }

    /**
     * How old files have to be.
     *
     * @param notAfter how old a baseline must be for everything before it to go
     * @param isLongKnown whether this process has known a file for so long itself
     * @param isOldChangeSet whether this process has known a file for longer than single change sets are promised
     */
    record Ages(Instant notAfter, Predicate<LtxObject> isLongKnown, Predicate<LtxObject> isOldChangeSet) {}

    /** The newest baseline that is old enough: what is before it is not promised any more. */
    static Optional<LtxObject> floor(Collection<LtxObject> usable, Ages ages) {
        return usable.stream()
                .filter(file -> file.level() == LtxKeys.BASELINES)
                .filter(file -> !file.time().isAfter(ages.notAfter))
                .filter(file -> ages.isLongKnown.test(file) || isFollowed(usable, file, ages.notAfter))
                .max(Comparator.comparing(LtxObject::max));
    }

    /**
     * Whether a later file has a later time that is old enough, too. While a wall clock is behind, times stand still: of
     * files of one time only the next later one says how old they may be.
     */
    private static boolean isFollowed(Collection<LtxObject> usable, LtxObject baseline, Instant notAfter) {
        return usable.stream()
                .anyMatch(file -> file.max().isAfter(baseline.max())
                        && file.time().isAfter(baseline.time())
                        && !file.time().isAfter(notAfter));
    }

    private static final class Search {
        private final Collection<LtxObject> usable;
        private final NavigableSet<LtxObject> going;
        private final NavigableMap<Txid, LtxObject> changeSets = new TreeMap<>();
        private final Coverage reach;
        private final Set<LtxObject> reliesOn = new HashSet<>();
        private final Set<LtxObject> newest = new HashSet<>();
        private final Collection<LtxObject> listed;
        private Txid floor = Txid.NONE;

        Search(Collection<LtxObject> listed, Collection<LtxObject> usable) {
            this.listed = listed;
            this.usable = usable;
            this.reach = new Coverage(usable);
            this.going = new TreeSet<>();
            TreeMap<Integer, LtxObject> last = new TreeMap<>();
            for (LtxObject file : listed) {
                last.merge(file.level(), file, (a, b) -> b.max().isAfter(a.max()) ? b : a);
                if (file.level() == LtxKeys.CHANGE_SETS) {
                    changeSets.put(file.max(), file);
                }
            }
            last.remove(LtxKeys.BASELINES);
            newest.addAll(last.values());
        }

        /** What is before the newest baseline that is old enough. */
        void before(Ages ages) {
            Optional<LtxObject> baseline = floor(usable, ages);
            if (baseline.isPresent()) {
                floor = baseline.get().max();
                List<LtxObject> earlier = listed.stream()
                        .filter(file -> floor.isAfter(file.max()))
                        .toList();
                go(earlier, baseline.get());
            }
        }

        /** Single change sets that are in a merged file. */
        void merged(Predicate<LtxObject> isOld) {
            for (LtxObject file : usable) {
                if (file.level() != LtxKeys.MERGED || going.contains(file) || !isReachable(file)) {
                    continue;
                }
                Collection<LtxObject> inside =
                        changeSets.subMap(file.min(), true, file.max(), true).values();
                if (inside.stream().allMatch(isOld)) {
                    go(inside, file);
                }
            }
        }

        /** Merged files that lie inside another. */
        void shadowed(Predicate<LtxObject> isOld) {
            Optional<LtxObject> widest = Optional.empty();
            for (LtxObject file : usable.stream().sorted(Search::byStart).toList()) {
                boolean isMerged = file.level() != LtxKeys.CHANGE_SETS && file.level() != LtxKeys.BASELINES;
                if (!isMerged || going.contains(file)) {
                    continue;
                }
                boolean inside = widest.isPresent()
                        && widest.get().level() == file.level()
                        && !file.max().isAfter(widest.get().max());
                if (!inside) {
                    widest = Optional.of(file);
                } else if (isOld.test(file) && isReachable(widest.get()) && !isReachable(file)) {
                    go(List.of(file), widest.get());
                }
            }
        }

        private static int byStart(LtxObject one, LtxObject other) {
            return Comparator.comparingInt(LtxObject::level)
                    .thenComparing(LtxObject::min)
                    .thenComparing(Comparator.comparing(LtxObject::max).reversed())
                    .compare(one, other);
        }

        private void go(Collection<LtxObject> files, LtxObject held) {
            for (LtxObject file : files) {
                if (!newest.contains(file) && going.add(file)) {
                    reliesOn.add(held);
                }
            }
        }

        /** Whether a state that this file ends at can be had. */
        private boolean isReachable(LtxObject file) {
            return reach.points().containsKey(file.max());
        }

        /** Nothing at all if it would take away a point that is to stay: then the files are not what they seem. */
        Superfluous result() {
            List<LtxObject> staying =
                    usable.stream().filter(file -> !going.contains(file)).toList();
            Coverage after = new Coverage(staying);
            boolean nothingLost = after.furthest().equals(reach.furthest())
                    && staying.stream()
                            .filter(file -> file.max().isAfter(floor) && !isNewestChangeSet(file))
                            .allMatch(
                                    file -> !isReachable(file) || after.points().containsKey(file.max()));
            return nothingLost ? new Superfluous(new ArrayList<>(going), Set.copyOf(reliesOn)) : NONE;
        }

        private boolean isNewestChangeSet(LtxObject file) {
            return file.level() == LtxKeys.CHANGE_SETS && newest.contains(file);
        }
    }
}
