package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.MemoryBudget;
import dev.runnel.platform.ScratchArray;
import dev.runnel.platform.ScratchBits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The pages that WALs have changed, each at its place in a sparse scratch file, with a block of bits before every
 * 32,768 pages that tells which are there; of those that were cut off nothing is left, even if the database grows again. Pages may be read from several threads once no more are
 * put.
 */
final class PageImage implements Closeable {
    private static final int GROUP = ScratchArray.BLOCK_SIZE * Byte.SIZE;

    private final DiskFile file;
    private final int pageSize;
    private final ScratchBits pages;
    private int intact = Integer.MAX_VALUE;

    private PageImage(DiskFile file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
        this.pages = new ScratchBits(
                () -> new Bits(file, (long) GROUP * pageSize + ScratchArray.BLOCK_SIZE), MemoryBudget.shared());
    }

    static PageImage create(Scratch scratch, int pageSize) throws IOException {
        return new PageImage(scratch.create(), pageSize);
    }

    int pageSize() {
        return pageSize;
    }

    void put(int page, byte[] data, int offset) throws IOException {
        file.write(ByteBuffer.wrap(data, offset, pageSize), place(page));
        pages.add(page);
    }

    /** The database has so many pages now. */
    void cut(int pageCount) throws IOException {
        pages.removeFrom(pageCount + 1);
        intact = Math.min(intact, pageCount);
    }

    /** Pages of the snapshot up to this one are as they were, unless they are in here. */
    int intact() {
        return intact;
    }

    synchronized boolean has(int page) throws IOException {
        return pages.contains(page);
    }

    /** Gives some pages, in order, all of which are here. */
    void readTo(PageSink sink, int first, int count) throws IOException {
        int inGroup = Math.min(count, GROUP - (first - 1) % GROUP);
        byte[] bytes = new byte[inGroup * pageSize];
        if (file.read(ByteBuffer.wrap(bytes), place(first)) < bytes.length) {
            throw new IOException("the scratch file ends before page " + (first + inGroup));
        }
        for (int i = 0; i < inGroup; i++) {
            sink.page(first + i, bytes, i * pageSize);
        }
        if (inGroup < count) {
            readTo(sink, first + inGroup, count - inGroup);
        }
    }

    private long place(int page) {
        return (page - 1L) * pageSize + ((page - 1L) / GROUP + 1) * ScratchArray.BLOCK_SIZE;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            pages.close();
        }
    }

    /** The blocks of bits, as if nothing were between them. They are read and written one by one. */
    private record Bits(DiskFile file, long distance) implements DiskFile {
        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position / ScratchArray.BLOCK_SIZE * distance);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position / ScratchArray.BLOCK_SIZE * distance);
        }

        @Override
        public void setSize(long size) {
            throw new UnsupportedOperationException("the pages are between the bits");
        }

        @Override
        public long size() {
            throw new UnsupportedOperationException("the pages are between the bits");
        }

        @Override
        public void sync() {
            // Nothing of a scratch file has to last.
        }

        @Override
        public void close() {
            // The file is closed with the pages.
        }
    }
}
