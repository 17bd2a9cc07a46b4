package dev.runnel.replica.generations;

import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What no promised point needs, from names and times only.
 *
 * <p>The floor is the newest snapshot that is old enough: every moment that is promised restores from it, or from what comes
 * after it. What the generation has before the floor goes, but for the WAL that names its state; so do other generations
 * that end before it.
 *
 * @param floor has to be sound, or nothing may go
 * @param objects of the generation that history goes on in
 * @param generations others, whole
 */
record SuperfluousObjects(Snapshot floor, List<GenerationObject> objects, List<Generation> generations) {
    /**
     * What this process knows of snapshots.
     *
     * @param isUsable whether it has not found one to be damaged
     * @param isLongKnown whether it has known one for as long as the floor has to be old
     */
    record Knowledge(Predicate<Snapshot> isUsable, Predicate<Snapshot> isLongKnown) {}

    /**
     * Finds them; empty if no snapshot is old enough.
     *
     * @param notAfter how old a snapshot must be to be the floor
     * @param snapshots what is known of snapshots
     */
    static Optional<SuperfluousObjects> of(
            List<Generation> listed, String current, Instant notAfter, Knowledge snapshots) {
        Optional<Generation> generation =
                listed.stream().filter(found -> found.name().equals(current)).findFirst();
        return generation.flatMap(found -> found.snapshots().reversed().stream()
                .filter(snapshot -> !snapshot.time().isAfter(notAfter))
                .filter(snapshot -> snapshots.isUsable.test(snapshot))
                .filter(snapshot -> snapshots.isLongKnown.test(snapshot) || isFollowed(found, snapshot, notAfter))
                .findFirst()
                .map(floor -> below(floor, found, listed)));
    }

    /**
     * Whether a later object has a later time that is old enough, too. While a wall clock is behind, times stand still: of
     * objects of one time only the next later one says how old they may be.
     */
    private static boolean isFollowed(Generation generation, Snapshot floor, Instant notAfter) {
        return generation
                .objects()
                .anyMatch(object -> generation.after(object).isAfter(generation.after(floor))
                        && object.time().isAfter(floor.time())
                        && !object.time().isAfter(notAfter));
    }

    private static SuperfluousObjects below(Snapshot floor, Generation generation, List<Generation> listed) {
        Stream<GenerationObject> snapshots = generation.snapshots().stream()
                .filter(snapshot -> snapshot.index() < floor.index())
                .map(o -> o);
        Stream<GenerationObject> segments = generation.segments().stream()
                .filter(segment -> segment.index() < floor.index() - 1)
                .map(o -> o);
        List<Generation> others = listed.stream()
                .filter(other -> !other.name().equals(generation.name()))
                .filter(other -> other.newest().stream().allMatch(newest -> newest.isBefore(floor.time())))
                .toList();
        return new SuperfluousObjects(floor, Stream.concat(snapshots, segments).toList(), others);
    }
}
