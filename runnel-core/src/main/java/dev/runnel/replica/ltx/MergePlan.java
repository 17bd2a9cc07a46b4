package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a level merges next: files of the level below that follow its newest one without a hole.
 *
 * @param sources by TXID; each starts at most one TXID after the end of the one before
 */
record MergePlan(int level, List<HistoryObject> sources) {
    private static final int MOST_SOURCES = 512;

    /**
     * From what is known of a replica; empty if there is nothing to merge, or a hole is in the way.
     *
     * @param leftOut the level continues above this TXID, even if it does not reach it
     */
    static Optional<MergePlan> of(Inventory inventory, int level, Txid leftOut) {
        List<HistoryObject> sources = new ArrayList<>();
        Txid at = Collections.max(List.of(inventory.reached(level), leftOut));
        for (HistoryObject file : inventory.usable(level - 1, at)) {
            boolean follows = !file.min().isAfter(at.next());
            boolean startsAnew = sources.isEmpty() && isAfterBreak(file, inventory);
            if (sources.size() == MOST_SOURCES || !(follows || startsAnew) || isAfterClockStep(sources, file)) {
                break;
            }
            if (file.max().isAfter(at)) {
                sources.add(file);
                at = file.max();
            }
        }
        return sources.isEmpty() ? Optional.empty() : Optional.of(new MergePlan(level, List.copyOf(sources)));
    }

    /** A merged file has one time, so none spans a clock that was set back: then its time says nothing of its first TXIDs. */
    private static boolean isAfterClockStep(List<HistoryObject> sources, HistoryObject next) {
        return !sources.isEmpty() && next.time().isBefore(sources.getLast().time());
    }

    /** The same with the first sources only. */
    MergePlan first(int count) {
        return new MergePlan(level, sources.subList(0, count));
    }

    TxidRange range() {
        return new TxidRange(sources.getFirst().min(), sources.getLast().max());
    }

    /** Whether what is missing before a file is history that a baseline covers: then a level may start again. */
    private static boolean isAfterBreak(HistoryObject file, Inventory inventory) {
        return !file.min().previous().isAfter(inventory.reached(LtxKeys.BASELINES));
    }
}
