package dev.runnel.ltx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The page index of a file, read from the file's end in bounded chunks: which pages the file holds, in ascending order,
 * and where. With it, pages can be read one by one, by {@link PageFrameDecoder}.
 *
 * <p>The entries are checked as they come: page numbers as in the file itself, and frames that fill the place between
 * header and end of pages without gap or overlap. Whether the pages are what the index says, only reading them tells.
 */
public final class PageIndex {
    private static final int END_OF_PAGES_SIZE = PageFrameDecoder.HEADER_SIZE;
    private static final int SIZE_SIZE = 8;
    private static final int AFTER_INDEX = SIZE_SIZE + LtxTrailer.SIZE;

    /** The index of most files is within this of the end, and so comes with the first read. */
    private static final int TAIL_SIZE = 32 * 1024;

    private static final int CHUNK_SIZE = 1 << 20;

    private final String source;
    private final RangeReader ranges;
    private final PageOrder order;
    private final int maxFrameSize;
    private final long pagesEnd;
    private final long end;
    private ByteBuffer chunk;
    private long nextRead;
    private long nextFrame = LtxHeader.SIZE;
    private boolean finished;

    private PageIndex(String source, LtxHeader header, RangeReader ranges, long start, long end, ByteBuffer chunk) {
        this.source = source;
        this.ranges = ranges;
        this.order = new PageOrder(header);
        this.maxFrameSize = PageFrameDecoder.maxSize(header.pageSize());
        this.pagesEnd = start - END_OF_PAGES_SIZE;
        this.end = end;
        this.chunk = chunk;
        this.nextRead = start + chunk.remaining();
    }

    /**
     * Finds the index.
     *
     * @param source the file, for messages
     * @param header of the same file
     * @param length of the file in bytes
     */
    public static PageIndex open(String source, LtxHeader header, long length, RangeReader ranges) throws IOException {
        int smallest = LtxHeader.SIZE + END_OF_PAGES_SIZE + 1 + AFTER_INDEX;
        if (length < smallest) {
            throw LtxException.damaged(
                    source,
                    length,
                    "the file has %d bytes; %d is the least an LTX file has".formatted(length, smallest));
        }
        int tailSize = (int) Math.min(length, TAIL_SIZE);
        ByteBuffer tail = read(source, ranges, length - tailSize, tailSize);
        long end = length - AFTER_INDEX;
        long size = tail.getLong(tailSize - AFTER_INDEX);
        if (size < 1 || size > end - LtxHeader.SIZE - END_OF_PAGES_SIZE) {
            throw LtxException.damaged(
                    source,
                    end,
                    "a page index of %s bytes does not fit into the file".formatted(Long.toUnsignedString(size)));
        }
        tail.limit(tailSize - AFTER_INDEX);
        boolean within = size <= tail.limit();
        ByteBuffer first = within ? tail.position((int) (tail.limit() - size)) : ByteBuffer.allocate(0);
        return new PageIndex(source, header, ranges, end - size, end, first);
    }

    /** The next page, or empty after the last, when the index has been checked to its end. */
    public Optional<PageEntry> next() throws IOException {
        if (finished) {
            return Optional.empty();
        }
        if (chunk.remaining() < Varint.MAX_ENTRY_SIZE) {
            refill();
        }
        long at = offset();
        long number = varint();
        if (number == 0) {
            finish(at);
            return Optional.empty();
        }
        long offset = varint();
        long size = varint();
        check(at, number > Integer.MAX_VALUE ? Optional.of("page " + number) : order.accept((int) number));
        if (offset != nextFrame
                || size < PageFrameDecoder.HEADER_SIZE
                || size > maxFrameSize
                || size > pagesEnd - offset) {
            throw LtxException.damaged(
                    source,
                    at,
                    "page %d in %d bytes at %d, where %d is free to %d"
                            .formatted(number, size, offset, nextFrame, pagesEnd));
        }
        nextFrame += size;
        return Optional.of(new PageEntry((int) number, offset, (int) size));
    }

    private void finish(long at) throws LtxException {
        finished = true;
        check(at, order.end());
        if (offset() != end) {
            throw LtxException.damaged(source, at, "the page index ends %d bytes early".formatted(end - offset()));
        }
        if (nextFrame != pagesEnd) {
            throw LtxException.damaged(
                    source, at, "the page index ends at %d, the pages at %d".formatted(nextFrame, pagesEnd));
        }
    }

    /** Where in the file the next byte of the index is. */
    private long offset() {
        return nextRead - chunk.remaining();
    }

    private void refill() throws IOException {
        int more = (int) Math.min(CHUNK_SIZE, end - nextRead);
        if (more == 0) {
            return;
        }
        ByteBuffer joined = ByteBuffer.allocate(chunk.remaining() + more);
        joined.put(chunk).put(read(source, ranges, nextRead, more)).flip();
        nextRead += more;
        chunk = joined;
    }

    private long varint() throws LtxException {
        long at = offset();
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            if (!chunk.hasRemaining()) {
                throw LtxException.damaged(source, at, "the page index ends within an entry");
            }
            int b = chunk.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw LtxException.damaged(source, at, "no number of at most 63 bits in the page index");
    }

    private void check(long at, Optional<String> problem) throws LtxException {
        if (problem.isPresent()) {
            throw LtxException.damaged(source, at, "%s in the page index".formatted(problem.get()));
        }
    }

    private static ByteBuffer read(String source, RangeReader ranges, long offset, int size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        ranges.read(offset, buffer);
        if (buffer.hasRemaining()) {
            throw LtxException.damaged(source, offset + buffer.position(), "the file ends within its page index");
        }
        return buffer.flip();
    }
}
