package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a level merges next: files of the level below that follow its newest one without a hole.
 *
 * @param sources by TXID; each starts at most one TXID after the end of the one before
 */
record MergePlan(int level, List<LtxObject> sources) {
    private static final int MOST_SOURCES = 512;

    /** From the files that can be relied on; empty if there is nothing to merge, or a hole is in the way. */
    static Optional<MergePlan> of(Collection<LtxObject> files, int level) {
        Txid merged = newest(files, level);
        List<LtxObject> sources = new ArrayList<>();
        Txid at = merged;
        for (LtxObject file : files.stream().sorted().toList()) {
            if (file.level() != level - 1 || !file.max().isAfter(at)) {
                continue;
            }
            boolean follows = !file.min().isAfter(at.next());
            if (!follows && (!sources.isEmpty() || !isAfterBreak(file, files))) {
                break;
            }
            sources.add(file);
            at = file.max();
            if (sources.size() == MOST_SOURCES) {
                break;
            }
        }
        return sources.isEmpty() ? Optional.empty() : Optional.of(new MergePlan(level, List.copyOf(sources)));
    }

    TxidRange range() {
        return new TxidRange(sources.getFirst().min(), sources.getLast().max());
    }

    /** Whether what is missing before a file is history that a baseline stands for: then a level may start anew. */
    private static boolean isAfterBreak(LtxObject file, Collection<LtxObject> files) {
        return !file.min().previous().isAfter(newest(files, LtxKeys.BASELINES));
    }

    private static Txid newest(Collection<LtxObject> files, int level) {
        Txid newest = Txid.NONE;
        for (LtxObject file : files) {
            newest = file.level() == level && file.max().isAfter(newest) ? file.max() : newest;
        }
        return newest;
    }
}
