package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.inventory.HistoryObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * The TXID at which a file that spans several has to start.
 *
 * <p>Such a file goes to level 1, where each file starts right after the one before it: Litestream's readers accept no
 * other order there. Its merging takes level 1 as the sign that level 0 is not needed any more up to the highest TXID of
 * level 1, and deletes it. So where level 1 is empty, the first file there has to start right after the newest baseline,
 * for the two of them then hold the newest state without level 0.
 */
final class DifferenceStart {
    private DifferenceStart() {}

    /**
     * Where to start, given the files that can be relied on, and how far they restore. It is TXID 1, which only a complete
     * image can start at, if there is nothing to continue.
     */
    static Txid of(Collection<HistoryObject> files, Txid whole) {
        Txid merged = newest(files, whole, file -> file.level() == LtxKeys.MERGED);
        Txid baseline = newest(files, whole, file -> file.level() == LtxKeys.BASELINES);
        return (merged.isNone() ? baseline : merged).next();
    }

    /** Files beyond a hole do not count: the new file reaches over the hole and over them. */
    private static Txid newest(Collection<HistoryObject> files, Txid whole, Predicate<HistoryObject> condition) {
        return files.stream()
                .filter(condition)
                .map(HistoryObject::max)
                .filter(max -> !max.isAfter(whole))
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
    }
}
