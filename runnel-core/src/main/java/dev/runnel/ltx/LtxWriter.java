package dev.runnel.ltx;

import java.io.Closeable;
import java.io.IOException;

/**
 * Writes one LTX file, page by page in ascending order, in the newer page encoding and without tracked checksums.
 *
 * <p>What was written is a whole file only once {@link #finish} has returned. Closing gives back what the writer holds and
 * finishes nothing; it leaves the output open. After an error of the output, or an interrupt, closing is all that is left
 * to do. For one thread at a time.
 */
public sealed interface LtxWriter extends PageSink, Closeable permits LtxEncoder, ParallelLtxEncoder {
    /**
     * Adds a page.
     *
     * @throws IllegalArgumentException for the lock page, a page beyond the end of the database, a page out of order, or
     *     a gap in a snapshot
     */
    @Override
    void page(int number, byte[] data, int offset) throws IOException;

    /**
     * Completes the file and flushes the output.
     *
     * @throws LtxException if a snapshot lacks pages, or its pages do not give the database checksum that its header
     *     claims
     */
    LtxSummary finish() throws IOException;
}
