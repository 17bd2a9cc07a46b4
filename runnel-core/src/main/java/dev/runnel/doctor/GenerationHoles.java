package dev.runnel.doctor;

import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is missing in a generation without TXIDs, as far as names tell: whole WALs, and the start of one. A segment that is
 * missing within a WAL shows when segments are read.
 */
final class GenerationHoles {
    private static final String NEXT_STEP =
            "Restore a point before or after it, with -generation and -index, or use another replica.";

    private GenerationHoles() {}

    static List<Fault> in(Generation generation) {
        List<Snapshot> snapshots = generation.snapshots();
        if (snapshots.isEmpty()) {
            return List.of(hole(
                    "generation " + generation.name(),
                    "it has " + generation.segments().size()
                            + " segments and no snapshot, so nothing restores from it"));
        }
        int oldest = snapshots.getFirst().index();
        List<Segment> segments = generation.segments().stream()
                .filter(segment -> segment.index() >= oldest)
                .toList();
        List<Fault> found = new ArrayList<>();
        Optional<Segment> before = Optional.empty();
        for (Segment segment : segments) {
            boolean follows = before.map(segment::mayFollow).orElse(segment.index() == oldest && segment.offset() == 0);
            if (!follows) {
                found.add(missing(generation, before, segment));
            }
            before = Optional.of(segment);
        }
        Snapshot newest = snapshots.getLast();
        int reached = before.map(Segment::index).orElse(oldest);
        if (newest.index() > reached + 1) {
            found.add(hole(newest.name(), "no segment leads up to it from " + at(before, snapshots.getFirst())));
        }
        return List.copyOf(found);
    }

    private static Fault missing(Generation generation, Optional<Segment> before, Segment segment) {
        boolean isBridged = segment.offset() == 0
                && generation.snapshots().stream().anyMatch(snapshot -> snapshot.index() == segment.index());
        return hole(
                segment.name(),
                "segments are missing between "
                        + at(before, generation.snapshots().getFirst()) + " and it"
                        + (isBridged
                                ? "; a snapshot stands for what follows them"
                                : ", and what follows them cannot be restored, up to the next snapshot"));
    }

    private static String at(Optional<Segment> segment, Snapshot first) {
        return segment.map(Segment::name).orElseGet(first::name);
    }

    private static Fault hole(String where, String text) {
        return Fault.of(Kind.HOLE, where, text, Stake.LOST, NEXT_STEP);
    }
}
