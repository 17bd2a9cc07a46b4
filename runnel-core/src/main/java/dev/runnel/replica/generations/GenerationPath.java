package dev.runnel.replica.generations;

import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way through one generation to a point: the newest snapshot that is not past it, and the segments from there on.
 *
 * @param start empty if there is none to start from
 * @param segments as far as there is no hole
 * @param hole what keeps the way from reaching the point, in words
 * @param next the first segment past the point, if its offset must be compared with the end of the last one to know
 *     that nothing is missing between them
 */
record GenerationPath(
        Generation generation,
        Optional<Snapshot> start,
        List<Segment> segments,
        Optional<String> hole,
        Optional<Segment> next) {

    /**
     * Where a way ends: before the first segment that is past any of these.
     *
     * @param snapshot highest index of a snapshot
     * @param wal highest index of a segment
     */
    record End(int snapshot, int wal, Instant time) {
        /** As far as it goes. */
        static final End NONE = new End(Integer.MAX_VALUE, Integer.MAX_VALUE, Instant.MAX);

        static End at(Instant time) {
            return new End(Integer.MAX_VALUE, Integer.MAX_VALUE, time);
        }

        private boolean isBefore(Segment segment) {
            return segment.index() > wal || segment.time().isAfter(time);
        }

        private boolean isBefore(Snapshot candidate) {
            return candidate.index() > snapshot || candidate.time().isAfter(time);
        }
    }

    static GenerationPath to(End end, Generation generation, Set<String> damaged) {
        Optional<Snapshot> start = generation.snapshots().reversed().stream()
                .filter(snapshot -> !end.isBefore(snapshot) && !damaged.contains(snapshot.key()))
                .findFirst();
        if (start.isEmpty()) {
            return new GenerationPath(
                    generation, start, List.of(), Optional.of("there is no snapshot to start from"), Optional.empty());
        }
        return new Walk(generation, start.get(), end, damaged).walk();
    }

    /** Says that what lies between two objects is not there. */
    static String missing(GenerationObject after, GenerationObject before) {
        return "segments are missing after " + after.name() + " and before " + before.name();
    }

    /** What is reached: the last segment, or, where there is none, the snapshot. */
    GenerationObject reached() {
        return segments.isEmpty() ? start.orElseThrow() : segments.getLast();
    }

    private record Walk(Generation generation, Snapshot start, End end, Set<String> damaged) {
        GenerationPath walk() {
            List<Segment> taken = new ArrayList<>();
            for (Segment segment : generation.segments()) {
                if (segment.index() < start.index()) {
                    continue;
                }
                if (end.isBefore(segment)) {
                    return pastEnd(taken, segment);
                }
                if (!follows(taken, segment) || damaged.contains(segment.key())) {
                    return way(taken, Optional.of(hole(taken, segment)), Optional.empty());
                }
                taken.add(segment);
            }
            return way(taken, isAtItsWal(taken) ? Optional.empty() : holeBeforeNextSnapshot(taken), Optional.empty());
        }

        /**
         * What comes next tells whether the state of a time is older than the time was. Exactly the time of a segment, and
         * the end of a WAL, are not in doubt.
         */
        private GenerationPath pastEnd(List<Segment> taken, Segment next) {
            if (isExact(taken)) {
                return way(taken, Optional.empty(), Optional.empty());
            }
            if (!follows(taken, next)) {
                return way(taken, Optional.of(hole(taken, next)), Optional.empty());
            }
            return way(taken, Optional.empty(), Optional.of(next).filter(segment -> segment.offset() > 0));
        }

        /** A snapshot alone is a point in time only where Runnel has written it. */
        private boolean isExact(List<Segment> taken) {
            if (taken.isEmpty() && !generation.isOurs()) {
                return false;
            }
            GenerationObject last = taken.isEmpty() ? start : taken.getLast();
            return end.time().equals(Instant.MAX)
                    ? !taken.isEmpty() || start.index() > end.wal()
                    : end.time().equals(last.time());
        }

        /** The WAL that was asked for is reached: what is missing after it does not matter. */
        private boolean isAtItsWal(List<Segment> taken) {
            return taken.isEmpty() ? start.index() > end.wal() : taken.getLast().index() == end.wal();
        }

        private GenerationPath way(List<Segment> taken, Optional<String> hole, Optional<Segment> next) {
            return new GenerationPath(generation, Optional.of(start), List.copyOf(taken), hole, next);
        }

        private boolean follows(List<Segment> taken, Segment segment) {
            return taken.isEmpty()
                    ? segment.index() == start.index() && segment.offset() == 0
                    : segment.mayFollow(taken.getLast());
        }

        private String hole(List<Segment> taken, Segment segment) {
            if (follows(taken, segment)) {
                return segment.key() + " cannot be used";
            }
            GenerationObject last = taken.isEmpty() ? start : taken.getLast();
            return missing(last, segment);
        }

        private Optional<String> holeBeforeNextSnapshot(List<Segment> taken) {
            int last = taken.isEmpty() ? start.index() - 1 : taken.getLast().index();
            return generation.snapshots().stream()
                    .filter(snapshot -> snapshot.index() > Math.max(start.index(), last + 1))
                    .findFirst()
                    .map(snapshot -> "segments are missing before " + snapshot.name());
        }
    }
}
