package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.HistoryExtent.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * From where to where a generation goes. Those of Runnel share their TXIDs; one of Litestream 0.3 has nothing but times.
 * Nothing in an object says when it was written; but times that do not rise with the names are not those of its writer.
 */
final class GenerationExtent {
    private static final String OURS = "the history in the generations layout";

    /** With fewer objects, and with fewer times out of order, a clock that was set back is as likely as a copy. */
    private static final int FEWEST_OBJECTS = 5;

    private static final int IN_ORDER = 4;

    private GenerationExtent() {}

    /** Empty if there is nothing that could be restored. */
    static Optional<HistoryExtent> of(Generation generation) {
        Generation filled = generation.without(object -> object.size() < Lz4FrameOutput.SMALLEST);
        Optional<Instant> from = filled.oldest();
        if (from.isEmpty()) {
            return Optional.empty();
        }
        Txid last = filled.last();
        return Optional.of(new HistoryExtent(
                generation.isOurs() ? OURS : "generation " + generation.name(),
                generation.lineage(),
                generation.isOurs() ? Optional.of(new TxidRange(new Txid(1), last)) : Optional.empty(),
                from.get(),
                filled.newest().orElseThrow(),
                timesRise(filled) ? Times.OWN : Times.OF_A_COPY));
    }

    private static boolean timesRise(Generation generation) {
        List<Instant> times =
                generation.segments().stream().map(GenerationObject::time).toList();
        int falling = 0;
        for (int i = 1; i < times.size(); i++) {
            if (times.get(i).isBefore(times.get(i - 1))) {
                falling++;
            }
        }
        return times.size() < FEWEST_OBJECTS || falling * IN_ORDER < times.size();
    }
}
