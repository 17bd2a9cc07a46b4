package dev.runnel.ltx;

import dev.runnel.platform.RunnelException;

/** An LTX file that is not as it must be. The message names the file, the offset, what was found and what was expected. */
public final class LtxException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private LtxException(String message, String nextStep) {
        super(message, nextStep, null);
    }

    /**
     * A file that cannot be trusted.
     *
     * @param source the file, for a human
     * @param offset where in the file, in bytes
     * @param what what was found there, and what should be
     */
    static LtxException damaged(String source, long offset, String what) {
        return new LtxException(
                source + ", offset " + offset + ": " + what,
                "The file is damaged or was not written completely; use another copy of it, or restore a point before it.");
    }

    /** Pages that cannot become the file that was asked for. */
    static LtxException refused(String source, String what) {
        return new LtxException(
                source + " cannot be written: " + what,
                "Nothing was published. Check the files that the pages came from for damage, and try again.");
    }
}
