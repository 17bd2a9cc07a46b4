package dev.runnel.restore;

import dev.runnel.ltx.PageSink;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Puts pages in their places, joining neighbours to few large writes. One for each thread; they may share the file. */
final class PageWriter implements PageSink {
    /** Makes the cost of a system call small, and stays in a processor's cache. */
    private static final int BUFFER_SIZE = 256 * 1024;

    private final DiskFile file;
    private final int pageSize;
    private final PageTally tally;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private Optional<MovedPages.Notes> notes = Optional.empty();
    private long start;

    PageWriter(DiskFile file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
        this.tally = new PageTally(pageSize);
    }

    /** Where the pages that follow are noted. */
    void noteIn(Optional<MovedPages.Notes> next) {
        notes = next;
    }

    @Override
    public void page(int number, byte[] data, int offset) throws IOException {
        long position = (number - 1L) * pageSize;
        if (position != start + buffer.position() || buffer.remaining() < pageSize) {
            flush();
            start = position;
        }
        buffer.put(data, offset, pageSize);
        long checksum = tally.add(number, data, offset);
        if (notes.isPresent()) {
            notes.get().moved(number, checksum);
        }
    }

    /** Writes what is held back. */
    void finish() throws IOException {
        flush();
        if (notes.isPresent()) {
            notes.get().write();
        }
    }

    private void flush() throws IOException {
        buffer.flip();
        if (buffer.hasRemaining()) {
            file.write(buffer, start);
        }
        buffer.clear();
    }

    /** Of all pages taken. */
    PageTally tally() {
        return tally;
    }
}
