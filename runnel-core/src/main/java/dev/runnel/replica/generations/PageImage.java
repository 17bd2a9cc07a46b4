package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The pages that WALs have changed, each at its place in a sparse scratch file; of those that were cut off nothing is
 * left, even if the database grows again. Pages may be read from several threads once no more are put.
 */
final class PageImage implements Closeable {
    private final DiskFile file;
    private final int pageSize;
    private final BitSet pages = new BitSet();
    private int intact = Integer.MAX_VALUE;

    private PageImage(DiskFile file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    static PageImage create(Scratch scratch, int pageSize) throws IOException {
        return new PageImage(scratch.create(), pageSize);
    }

    int pageSize() {
        return pageSize;
    }

    void put(int page, byte[] data, int offset) throws IOException {
        file.write(ByteBuffer.wrap(data, offset, pageSize), place(page));
        pages.set(page);
    }

    /** The database has so many pages now. */
    void cut(int pageCount) {
        pages.clear(pageCount + 1, Math.max(pageCount + 1, pages.length()));
        intact = Math.min(intact, pageCount);
    }

    /** Pages of the snapshot up to this one are as they were, unless they are in here. */
    int intact() {
        return intact;
    }

    boolean has(int page) {
        return pages.get(page);
    }

    /** Gives some pages, in order, all of which are here. */
    void readTo(PageSink sink, int first, int count) throws IOException {
        byte[] bytes = new byte[count * pageSize];
        if (file.read(ByteBuffer.wrap(bytes), place(first)) < bytes.length) {
            throw new IOException("the scratch file ends before page " + (first + count));
        }
        for (int i = 0; i < count; i++) {
            sink.page(first + i, bytes, i * pageSize);
        }
    }

    private long place(int page) {
        return (page - 1L) * pageSize;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
