package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.time.Instant;
import java.util.List;

/**
 * The files that restore a target, in the order in which they apply; later ones win.
 *
 * @param reached the TXID that comes out
 * @param point the same, as a user calls it: history that has no TXIDs has another name for it
 * @param time the time of that TXID
 */
public record RestorePlan(Txid reached, String point, Instant time, List<PlannedFile> files) {
    /**
     * One file of a plan.
     *
     * @param level what it is, in the numbers of the {@code ltx} layout: 0 for changes, 9 for a baseline, between them what
     *     spans several change sets
     * @param key its key at the store
     * @param size in bytes
     */
    public record PlannedFile(int level, String key, TxidRange range, long size, Instant time) {}

    /** Whether history has TXIDs. */
    public boolean hasTxid() {
        return point.equals(called(reached));
    }

    /** How a user calls a TXID. */
    public static String called(Txid txid) {
        return "TXID " + txid;
    }

    /** Bytes of all files together. */
    public long totalSize() {
        return files.stream().mapToLong(PlannedFile::size).sum();
    }
}
