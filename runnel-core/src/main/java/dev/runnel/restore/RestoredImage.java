package dev.runnel.restore;

import dev.runnel.replica.RestorePlan;
import java.util.List;

/**
 * A database that was read out of a replica.
 *
 * @param plan the files it came from; it says which TXID and time were reached
 * @param pageSize in bytes
 * @param pageCount its size in pages
 * @param checksum of the whole database, computed from the pages that came out
 * @param provenBy how it is known to be right
 * @param damaged keys of files that turned out damaged, and were not needed
 */
public record RestoredImage(
        RestorePlan plan, int pageSize, int pageCount, long checksum, ProvenBy provenBy, List<String> damaged) {
    /** In bytes. */
    public long size() {
        return (long) pageSize * pageCount;
    }
}
