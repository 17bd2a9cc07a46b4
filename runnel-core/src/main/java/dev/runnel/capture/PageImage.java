package dev.runnel.capture;

import java.io.Closeable;
import java.io.IOException;

/** Pages of a database as of one TXID, in ascending order. For the thread that captures. */
public interface PageImage extends Closeable {
    /** Size of the database in pages. */
    int pageCount();

    /** Reads the next pages; an empty chunk means the end. */
    void read(PageChunk chunk) throws IOException;
}
