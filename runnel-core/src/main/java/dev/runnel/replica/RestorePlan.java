package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.time.Instant;
import java.util.List;

/**
 * The files that restore a target, in the order in which they apply; later ones win.
 *
 * @param reached the TXID that comes out
 * @param time the time of that TXID
 */
public record RestorePlan(Txid reached, Instant time, List<PlannedFile> files) {
    /**
     * One file of a plan.
     *
     * @param level its level in the {@code ltx} layout, as a user knows it
     * @param key its key at the store
     * @param size in bytes
     */
    public record PlannedFile(int level, String key, TxidRange range, long size, Instant time) {}

    /** Bytes of all files together. */
    public long totalSize() {
        return files.stream().mapToLong(PlannedFile::size).sum();
    }
}
