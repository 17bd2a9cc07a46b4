package dev.runnel.replica;

import dev.runnel.ltx.Txid;

/**
 * What was written at a replica in place of change sets that are not to be had any more.
 *
 * @param txid up to which TXID
 * @param pages how many it has
 */
public record Bridge(Kind kind, Txid txid, int pages) {
    /** How much it holds. */
    public enum Kind {
        DIFFERENCE,
        BASELINE
    }

    public static Bridge of(Kind kind, SelectedImage image) {
        return new Bridge(kind, image.txid(), image.selectedPages());
    }
}
