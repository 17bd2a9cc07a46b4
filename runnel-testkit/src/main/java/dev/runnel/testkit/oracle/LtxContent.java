package dev.runnel.testkit.oracle;

import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What one LTX file says, every byte of it checked.
 *
 * @param pages by number; none but those in the file
 * @param proof the checksum of the whole database after this file, if the file carries one
 * @param lineage the number next to the proof, 0 if there is none
 * @param fileChecksum the last word of the file, which was found to be right
 */
public record LtxContent(
        int pageSize,
        int commit,
        long minTxid,
        long maxTxid,
        long timestampMillis,
        SortedMap<Integer, byte[]> pages,
        OptionalLong proof,
        long lineage,
        long fileChecksum) {
    /** Whether the file holds the whole database rather than changes. */
    public boolean isSnapshot() {
        return minTxid == 1;
    }
}
