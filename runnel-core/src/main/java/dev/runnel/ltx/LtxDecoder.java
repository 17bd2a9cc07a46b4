package dev.runnel.ltx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads one LTX file from front to back and checks everything in it: page order and completeness, both page encodings,
 * page index, trailer, file checksum, and, where a file that holds the whole database claims its checksum, that too.
 *
 * <p>Memory is constant and never taken on the word of the file. Pages are given out before the file has been checked to
 * its end: trust them only after {@link #next} has returned false, or {@link #readTo} has returned. Whatever is wrong
 * with the file is an {@link LtxException}; errors of the stream are passed on. The format is specified in
 * {@code docs/formats.md}.
 */
public final class LtxDecoder {
    private static final int INDEX_SIZE_SIZE = 8;
    private static final int INDEX_CHUNK_SIZE = 4096;

    private enum State {
        PAGES,
        VERIFIED,
        FAILED
    }

    private final String source;
    private final LtxHeader header;
    private final InputWindow in;
    private final PageFrameDecoder frames;
    private final PageOrder order;
    private final IndexDigest expectedIndex = new IndexDigest();
    private final byte[] page;
    private int number;
    private long fileChecksum;
    private long trackedChecksum = TrackedChecksum.EMPTY;
    private long databaseChecksum = Checksums.EMPTY;
    private Optional<LtxTrailer> trailer = Optional.empty();
    private State state = State.PAGES;

    private LtxDecoder(String source, LtxHeader header, byte[] headerBytes, InputStream in) {
        this.source = source;
        this.header = header;
        this.frames = new PageFrameDecoder(source, header.pageSize());
        this.order = new PageOrder(header);
        this.page = new byte[header.pageSize().bytes()];
        this.in = new InputWindow(source, in, LtxHeader.SIZE, PageFrameDecoder.maxSize(header.pageSize()));
        this.fileChecksum = Crc64.update(0, headerBytes, 0, LtxHeader.SIZE);
    }

    /**
     * Reads the header.
     *
     * @param source the file, for messages
     * @param in the whole file, to its very end; it stays the caller's to close
     */
    public static LtxDecoder open(String source, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LtxHeader.SIZE);
        return new LtxDecoder(source, LtxHeader.parse(source, bytes), bytes, in);
    }

    /** The file, as messages name it. */
    public String source() {
        return source;
    }

    public LtxHeader header() {
        return header;
    }

    /** Goes to the next page. False means that there is none, and that the whole file is as it must be. */
    public boolean next() throws IOException {
        if (state == State.VERIFIED) {
            return false;
        }
        if (state == State.FAILED) {
            throw new IllegalStateException(source + " has failed to decode before");
        }
        state = State.FAILED;
        boolean found = readPage();
        if (!found) {
            readIndex();
            readTrailer();
        }
        state = found ? State.PAGES : State.VERIFIED;
        return found;
    }

    /** The number of the current page. */
    public int pageNumber() {
        return number;
    }

    /** The current page; the next call of {@link #next} overwrites it. */
    public byte[] page() {
        return page;
    }

    /** Gives all pages that are left, and checks the file to its end. */
    public void readTo(PageSink sink) throws IOException {
        while (next()) {
            sink.page(number, page, 0);
        }
    }

    /** The trailer, once the file is read to its end. */
    public LtxTrailer trailer() {
        return trailer.orElseThrow(() -> new IllegalStateException(source + " is not read to its end"));
    }

    private boolean readPage() throws IOException {
        long at = in.offset();
        in.require(PageFrameDecoder.HEADER_SIZE, "a page header");
        number = PageFrameDecoder.number(in.bytes(), in.position());
        if (number == 0 && PageFrameDecoder.flags(in.bytes(), in.position()) == 0) {
            cover(PageFrameDecoder.HEADER_SIZE);
            check(at, order.end());
            return false;
        }
        check(at, order.accept(number));
        in.require(frames.headSize(in.bytes(), in.position(), at), "a page");
        int size = frames.size(in.bytes(), in.position(), at);
        in.require(size, "a page");
        frames.decode(in.bytes(), in.position(), at, page, 0);
        int covered = PageFrameDecoder.coveredSize(in.bytes(), in.position());
        cover(covered);
        in.skip(size - covered);
        fileChecksum = Crc64.update(fileChecksum, page, 0, page.length);
        if (claimsTrackedChecksum()) {
            trackedChecksum = TrackedChecksum.with(trackedChecksum, number, page, 0, page.length);
        }
        if (claimsProof()) {
            databaseChecksum = Checksums.with(databaseChecksum, number, Checksums.page(number, page, 0, page.length));
        }
        expectedIndex.add(number, at, size);
        return true;
    }

    /** What the index must hold is known, so it is compared as a digest: a large one takes no memory. */
    private void readIndex() throws IOException {
        expectedIndex.end();
        long at = in.offset();
        long indexSize = expectedIndex.size();
        long digest = 0;
        for (long left = indexSize; left > 0; ) {
            int chunk = (int) Math.min(left, INDEX_CHUNK_SIZE);
            in.require(chunk, "the page index");
            digest = Crc64.update(digest, in.bytes(), in.position(), chunk);
            cover(chunk);
            left -= chunk;
        }
        if (digest != expectedIndex.digest()) {
            throw LtxException.damaged(source, at, "the page index does not agree with the pages");
        }
        in.require(INDEX_SIZE_SIZE, "the size of the page index");
        long claimed = bigEndianLong(in.bytes(), in.position());
        if (claimed != indexSize) {
            throw LtxException.damaged(
                    source,
                    in.offset(),
                    "size %s of a page index of %d bytes".formatted(Long.toUnsignedString(claimed), indexSize));
        }
        cover(INDEX_SIZE_SIZE);
    }

    private void readTrailer() throws IOException {
        long at = in.offset();
        in.require(LtxTrailer.SIZE, "the trailer");
        LtxTrailer found = LtxTrailer.parse(source, header, at, in.bytes(), in.position());
        cover(LtxTrailer.COVERED);
        in.skip(LtxTrailer.SIZE - LtxTrailer.COVERED);
        long computed = Checksums.FLAG | fileChecksum;
        if (found.fileChecksum() != computed) {
            throw LtxException.damaged(
                    source,
                    at + LtxTrailer.COVERED,
                    "file checksum %016x of a file with %016x".formatted(found.fileChecksum(), computed));
        }
        if (!in.atEnd()) {
            throw LtxException.damaged(source, in.offset(), "more bytes after the trailer");
        }
        if (claimsTrackedChecksum()) {
            checkDatabase(found.postApplyChecksum(), trackedChecksum, at);
        }
        if (claimsProof()) {
            checkDatabase(
                    header.proof().orElseThrow().databaseChecksum(), databaseChecksum, LtxHeader.PROOF_CHECKSUM_AT);
        }
        trailer = Optional.of(found);
    }

    /** Whether the trailer has the checksum of all pages of the file. */
    private boolean claimsTrackedChecksum() {
        return header.isSnapshot() && header.tracksChecksums();
    }

    /** Whether the header has the checksum of all pages of the file. */
    private boolean claimsProof() {
        return header.isSnapshot() && header.proof().isPresent();
    }

    private void checkDatabase(long claimed, long computed, long at) throws LtxException {
        if (claimed != computed) {
            throw LtxException.damaged(
                    source, at, "database checksum %016x of pages with %016x".formatted(claimed, computed));
        }
    }

    private void check(long at, Optional<String> problem) throws LtxException {
        if (problem.isPresent()) {
            throw LtxException.damaged(source, at, problem.get());
        }
    }

    /** Takes bytes into the file checksum as they are. */
    private void cover(int count) {
        fileChecksum = Crc64.update(fileChecksum, in.bytes(), in.position(), count);
        in.skip(count);
    }

    private static long bigEndianLong(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }
}
