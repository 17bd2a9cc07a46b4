package dev.runnel.replica;

import dev.runnel.ltx.Txid;

/**
 * What was written at a replica in place of change sets that are no longer available.
 *
 * @param txid up to which TXID
 * @param pages how many it has
 */
public record GapFill(Kind kind, Txid txid, int pages) {
    /** What it is. */
    public enum Kind {
        DIFFERENCE,
        BASELINE,
        /** Nothing was written: the next listing showed what had been missing. */
        NOTHING
    }

    /** What it is, for the log. */
    public String description() {
        String what = switch (kind) {
            case DIFFERENCE -> "difference";
            case BASELINE -> "snapshot";
            case NOTHING -> "nothing";
        };
        return what + " of " + pages + " pages at TXID " + txid;
    }

    /** Whether an image has nothing that a history lacks. */
    public static boolean isNeedless(Position at, SelectedImage image) {
        return !image.txid().isAfter(at.whole());
    }

    /** What was written of an image. */
    public static GapFill of(Kind kind, SelectedImage image) {
        return new GapFill(kind, image.txid(), image.selectedPages());
    }
}
