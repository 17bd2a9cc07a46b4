package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Chronology;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the times of objects say, compared with the order in which the objects were made. TXIDs give that order over all
 * generations that Runnel wrote, if no two of them have the same; names give it within one that Litestream wrote.
 */
final class GenerationsChronology {
    private final List<Line> lines = new ArrayList<>();

    /** Generations whose order is known, and their objects in that order. */
    private static final class Line {
        private final List<Generation> generations;
        private final List<GenerationObject> objects;
        private final Map<String, Integer> states = new HashMap<>();
        private final Chronology chronology;

        Line(List<Generation> generations) {
            this.generations = generations;
            this.objects = generations.stream().flatMap(Line::inOrder).toList();
            this.chronology = Chronology.of(objects.stream()
                    .map(object -> new Chronology.State(object.time(), 1))
                    .toList());
            // Where no time contradicts the order, each object keeps its own.
            for (int i = 0; i < objects.size() && !chronology.isConsistent(); i++) {
                states.put(objects.get(i).key(), i);
            }
        }

        /** A snapshot may have been made late in the WAL of its index, so its time says nothing beside segments. */
        private static Stream<GenerationObject> inOrder(Generation generation) {
            return Stream.<GenerationObject>concat(
                    generation.segments().stream(),
                    generation.segments().isEmpty() ? generation.snapshots().stream() : Stream.empty());
        }

        Stream<Generation> confirmed() {
            return generations.stream().map(this::confirmed);
        }

        private Generation confirmed(Generation generation) {
            List<Segment> segments = generation.segments().stream()
                    .map(segment -> segment.withTime(existedAt(segment)))
                    .toList();
            List<Snapshot> snapshots = generation.snapshots().stream()
                    .map(snapshot -> snapshot.withTime(
                            segments.isEmpty() ? existedAt(snapshot) : between(generation, segments, snapshot)))
                    .toList();
            return new Generation(generation.name(), generation.lineage(), snapshots, segments);
        }

        private Instant existedAt(GenerationObject object) {
            Integer state = states.get(object.key());
            return state == null ? object.time() : chronology.existedAt(state);
        }

        /** No earlier than the segments before a snapshot, and, where the clock was wrong, no later than those after. */
        private Instant between(Generation generation, List<Segment> segments, Snapshot snapshot) {
            Instant time = snapshot.time();
            for (Segment segment : segments) {
                boolean isBefore = segment.index() < snapshot.index();
                boolean isAfter = generation.after(segment).isAfter(generation.after(snapshot));
                if (isBefore && segment.time().isAfter(time)) {
                    time = segment.time();
                } else if (isAfter
                        && !chronology.isConsistent()
                        && segment.time().isBefore(time)) {
                    time = segment.time();
                }
            }
            return time;
        }

        Optional<Conflict> conflict(Instant time) {
            return chronology.conflict(time).map(found -> {
                GenerationObject last = objects.get(found.last());
                GenerationObject after = objects.get(found.after());
                return new Conflict(
                        (found.last() - found.first() + 1) + " objects up to " + last.name()
                                + " have times that cannot be right, because the clock was set: " + last.name()
                                + " has " + last.time() + ", the later " + after.name() + " has " + after.time(),
                        found.before().map(objects::get),
                        after);
            });
        }
    }

    /**
     * Why a time cannot be answered.
     *
     * @param before the last object before whose time is known
     * @param after the first after it
     */
    record Conflict(String reason, Optional<GenerationObject> before, GenerationObject after) {}

    GenerationsChronology(List<Generation> generations) {
        List<Generation> ours = generations.stream()
                .filter(Generation::isOurs)
                .sorted(Comparator.comparing(Generation::last))
                .toList();
        boolean isOneOrder = continueEachOther(ours);
        if (isOneOrder) {
            lines.add(new Line(ours));
        }
        generations.stream()
                .filter(generation -> !(generation.isOurs() && isOneOrder))
                .forEach(generation -> lines.add(new Line(List.of(generation))));
    }

    /** A generation that got its mark back after another was begun may have the same TXIDs. Then these give no order. */
    private static boolean continueEachOther(List<Generation> byLast) {
        Txid last = Txid.NONE;
        for (Generation generation : byLast) {
            if (!generation.first().isAfter(last)) {
                return false;
            }
            last = generation.last();
        }
        return true;
    }

    /** The generations, each object with the earliest time at which its state certainly existed. */
    List<Generation> confirmed() {
        return lines.stream()
                .flatMap(Line::confirmed)
                .sorted(Comparator.comparing(Generation::name))
                .toList();
    }

    /** What keeps the state of a time unknown. */
    Optional<Conflict> conflict(Instant time) {
        return lines.stream().flatMap(line -> line.conflict(time).stream()).findFirst();
    }
}
