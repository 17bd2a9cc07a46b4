package dev.runnel.ltx;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Lays out one file from pages that are compressed already: header, pages, end marker, page index, trailer. */
final class FrameWriter implements Closeable {
    private static final byte[] END_OF_PAGES = new byte[PageFrameDecoder.HEADER_SIZE];
    private static final int BUFFER_SIZE = 64 * 1024;

    private enum State {
        OPEN,
        FAILED,
        DONE
    }

    private final OutputStream out;
    private final LtxHeader header;
    private final PageOrder order;
    private final IndexBuffer index;
    private final long pageShift;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private final ByteBuffer frameHead = ByteBuffer.allocate(PageFrameDecoder.BLOCK_HEAD_SIZE);
    private int buffered;
    private long written;
    private int pages;
    private long fileChecksum;
    private long databaseChecksum = Checksums.EMPTY;
    private State state = State.OPEN;

    FrameWriter(OutputStream out, LtxHeader header, Scratch scratch) throws IOException {
        if (header.tracksChecksums()) {
            throw new IllegalArgumentException("files with tracked checksums are read, not written");
        }
        this.out = out;
        this.header = header;
        this.pageShift = Crc64.shift(header.pageSize().bytes());
        this.order = new PageOrder(header);
        this.index = new IndexBuffer(scratch, IndexBuffer.MEMORY_LIMIT);
        writeCovered(header.toBytes(), 0, LtxHeader.SIZE);
    }

    /** Whether the header has the checksum of all pages of the file, so that each page comes with its checksum. */
    boolean provesPages() {
        return header.isSnapshot() && header.proof().isPresent();
    }

    /** Checks that a page may come next. */
    void accept(int number) {
        checkOpen();
        order.accept(number).ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
    }

    /**
     * Writes an accepted page. The file checksum takes the page itself in place of the block.
     *
     * @param crc of the page, so that the thread that compresses the page can compute it, too
     * @param pageChecksum of the page where {@link #provesPages} says so, else anything
     */
    void write(int number, long crc, long pageChecksum, byte[] block, int blockOffset, int blockLength)
            throws IOException {
        state = State.FAILED;
        index.add(number, written, PageFrameDecoder.BLOCK_HEAD_SIZE + blockLength);
        frameHead
                .clear()
                .putInt(number)
                .putShort((short) PageFrameDecoder.BLOCK_FLAG)
                .putInt(blockLength);
        writeCovered(frameHead.array(), 0, PageFrameDecoder.BLOCK_HEAD_SIZE);
        write(block, blockOffset, blockLength);
        fileChecksum = Crc64.join(fileChecksum, pageShift, crc);
        if (provesPages()) {
            databaseChecksum = Checksums.with(databaseChecksum, number, pageChecksum);
        }
        pages++;
        state = State.OPEN;
    }

    /** Says that an accepted page is lost, so that the file must never be finished. */
    void fail() {
        state = State.FAILED;
    }

    /** Checks that neither finish nor close was called, nor a page lost. */
    void checkOpen() {
        if (state != State.OPEN) {
            throw new IllegalStateException(
                    state == State.DONE ? "the file is finished or closed" : "a page has failed to be written before");
        }
    }

    LtxSummary finish() throws IOException {
        checkOpen();
        state = State.DONE;
        checkComplete();
        writeCovered(END_OF_PAGES, 0, END_OF_PAGES.length);
        index.writeTo(this::writeCovered);
        writeCovered(new byte[1], 0, 1);
        writeCovered(ByteBuffer.allocate(8).putLong(index.size() + 1).array(), 0, 8);
        byte[] trailer = new LtxTrailer(0, 0).toBytes();
        writeCovered(trailer, 0, LtxTrailer.COVERED);
        long checksum = Checksums.FLAG | fileChecksum;
        write(new LtxTrailer(0, checksum).toBytes(), LtxTrailer.COVERED, LtxTrailer.SIZE - LtxTrailer.COVERED);
        flush();
        out.flush();
        return new LtxSummary(written, checksum, pages);
    }

    @Override
    public void close() throws IOException {
        state = State.DONE;
        index.close();
    }

    private void checkComplete() throws LtxException {
        Optional<String> problem = order.end();
        if (problem.isPresent()) {
            throw LtxException.refused(LtxFileName.of(header.txids()), problem.get());
        }
        if (provesPages()) {
            long claimed = header.proof().orElseThrow().databaseChecksum();
            if (claimed != databaseChecksum) {
                throw LtxException.refused(
                        LtxFileName.of(header.txids()),
                        String.format(
                                "its pages give the database checksum %016x, its proof claims %016x",
                                databaseChecksum, claimed));
            }
        }
    }

    private void writeCovered(byte[] bytes, int offset, int length) throws IOException {
        fileChecksum = Crc64.update(fileChecksum, bytes, offset, length);
        write(bytes, offset, length);
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        written += length;
        if (length > buffer.length - buffered) {
            flush();
        }
        if (length > buffer.length) {
            out.write(bytes, offset, length);
            return;
        }
        System.arraycopy(bytes, offset, buffer, buffered, length);
        buffered += length;
    }

    private void flush() throws IOException {
        out.write(buffer, 0, buffered);
        buffered = 0;
    }
}
