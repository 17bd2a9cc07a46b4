package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.util.Optional;

/**
 * How far a generation of Runnel's restores: to its newest snapshot, and through the WALs that follow it without a hole.
 *
 * @param whole the TXID that is reached
 * @param last the WAL of that TXID; also where the snapshot is of that TXID, if it is there
 */
record Reach(Snapshot start, Txid whole, Optional<Segment> last) {
    /** Empty if there is no snapshot. */
    static Optional<Reach> of(Generation generation) {
        if (generation.snapshots().isEmpty()) {
            return Optional.empty();
        }
        Snapshot start = generation.snapshots().getLast();
        int next = start.index();
        Optional<Segment> last = Optional.empty();
        for (Segment segment : generation.segments()) {
            if (segment.offset() == 0 && (segment.index() == next || segment.index() == start.index() - 1)) {
                last = Optional.of(segment);
                next = segment.index() + 1;
            }
        }
        return Optional.of(new Reach(start, new Txid(next), last));
    }

    /** What says in which state the database is. */
    GenerationObject proving() {
        return last.<GenerationObject>map(segment -> segment).orElse(start);
    }
}
