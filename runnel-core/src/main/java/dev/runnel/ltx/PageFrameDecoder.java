package dev.runnel.ltx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Decodes single page frames, in both encodings that are in the field.
 *
 * <p>A frame starts with page number (4 bytes) and flags (2). With flag 1, as Litestream writes since 0.5.16, and
 * Runnel does, follow a size (4) and an LZ4 block. Without it follows an LZ4 frame of exactly one block, always with
 * the same seven bytes of frame header; its end is known from the size of that block, so nothing beyond it is read.
 *
 * <p>Every size is checked against the page size before it is used. Instances keep no state between calls.
 */
public final class PageFrameDecoder {
    /** Page number and flags. */
    static final int HEADER_SIZE = 6;

    /** What comes before the LZ4 block of the newer encoding. */
    static final int BLOCK_HEAD_SIZE = HEADER_SIZE + 4;

    /** What comes before the LZ4 block of the older encoding: the header, the LZ4 frame header and the block's size. */
    private static final int LZ4_FRAME_HEAD_SIZE = HEADER_SIZE + 11;

    /** What comes after the LZ4 block of the older encoding: end mark and content checksum. */
    private static final int LZ4_FRAME_TAIL_SIZE = 8;

    static final int BLOCK_FLAG = 1;

    /**
     * Magic; version 1, independent blocks, content checksum; blocks of 64 KiB; checksum of these two. The one form that
     * the writers of the older encoding produce.
     */
    private static final byte[] LZ4_FRAME_HEADER = {0x04, 0x22, 0x4d, 0x18, 0x64, 0x40, (byte) 0xa7};

    private static final int STORED_FLAG = 1 << 31;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LITTLE_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final String source;
    private final PageSize pageSize;

    /**
     * @param source the file, for messages
     * @param pageSize of the file
     */
    public PageFrameDecoder(String source, PageSize pageSize) {
        this.source = source;
        this.pageSize = pageSize;
    }

    /**
     * Decodes the frame of an index entry.
     *
     * @param bytes hold the whole frame from {@code offset} on
     * @param page takes the page, page size bytes from {@code pageOffset} on
     * @throws LtxException if the frame is not that page, whole and well
     */
    public void decode(PageEntry entry, byte[] bytes, int offset, byte[] page, int pageOffset) throws LtxException {
        Objects.checkFromIndexSize(offset, entry.size(), bytes.length);
        if (entry.size() < HEADER_SIZE || entry.size() < headSize(bytes, offset, entry.offset())) {
            throw LtxException.damaged(
                    source, entry.offset(), "a page frame of %d bytes is too short".formatted(entry.size()));
        }
        int number = number(bytes, offset);
        if (number != entry.number()) {
            throw LtxException.damaged(
                    source,
                    entry.offset(),
                    "page %s, where the page index has page %d"
                            .formatted(Integer.toUnsignedString(number), entry.number()));
        }
        int size = size(bytes, offset, entry.offset());
        if (size != entry.size()) {
            throw LtxException.damaged(
                    source,
                    entry.offset(),
                    "page %d takes %d bytes, but %d in the page index".formatted(number, size, entry.size()));
        }
        decode(bytes, offset, entry.offset(), page, pageOffset);
    }

    /** The largest frame that a page can have. */
    static int maxSize(PageSize pageSize) {
        return LZ4_FRAME_HEAD_SIZE + pageSize.maxCompressedSize() + LZ4_FRAME_TAIL_SIZE;
    }

    static int number(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    static int flags(byte[] bytes, int offset) {
        return (short) SHORT.get(bytes, offset + 4) & 0xffff;
    }

    /** How many bytes at the front of the frame the file checksum takes as they are; the page follows. */
    static int coveredSize(byte[] bytes, int offset) {
        return flags(bytes, offset) == BLOCK_FLAG ? BLOCK_HEAD_SIZE : HEADER_SIZE;
    }

    /** How many bytes it takes to know the frame's size, from its first {@link #HEADER_SIZE}. */
    int headSize(byte[] bytes, int offset, long at) throws LtxException {
        int flags = flags(bytes, offset);
        return switch (flags) {
            case BLOCK_FLAG -> BLOCK_HEAD_SIZE;
            case 0 -> LZ4_FRAME_HEAD_SIZE;
            default -> throw LtxException.damaged(source, at + 4, "unknown page flags %04x".formatted(flags));
        };
    }

    /** The frame's size, from its first {@link #headSize} bytes. */
    int size(byte[] bytes, int offset, long at) throws LtxException {
        if (flags(bytes, offset) == BLOCK_FLAG) {
            int length = (int) INT.get(bytes, offset + HEADER_SIZE);
            return BLOCK_HEAD_SIZE + checkedLength(length, at + HEADER_SIZE);
        }
        int headerEnd = offset + HEADER_SIZE + LZ4_FRAME_HEADER.length;
        if (!Arrays.equals(bytes, offset + HEADER_SIZE, headerEnd, LZ4_FRAME_HEADER, 0, LZ4_FRAME_HEADER.length)) {
            throw LtxException.damaged(source, at + HEADER_SIZE, "no LZ4 frame header");
        }
        int length = (int) LITTLE_INT.get(bytes, headerEnd) & ~STORED_FLAG;
        return LZ4_FRAME_HEAD_SIZE
                + checkedLength(length, at + HEADER_SIZE + LZ4_FRAME_HEADER.length)
                + LZ4_FRAME_TAIL_SIZE;
    }

    /** Decodes a frame that has been measured. */
    void decode(byte[] bytes, int offset, long at, byte[] page, int pageOffset) throws LtxException {
        if (flags(bytes, offset) == BLOCK_FLAG) {
            int length = (int) INT.get(bytes, offset + HEADER_SIZE);
            decompress(bytes, offset + BLOCK_HEAD_SIZE, length, at, page, pageOffset);
            return;
        }
        int block = offset + LZ4_FRAME_HEAD_SIZE;
        int word = (int) LITTLE_INT.get(bytes, block - 4);
        int length = word & ~STORED_FLAG;
        if ((word & STORED_FLAG) == 0) {
            decompress(bytes, block, length, at, page, pageOffset);
        } else if (length == pageSize.bytes()) {
            System.arraycopy(bytes, block, page, pageOffset, length);
        } else {
            throw LtxException.damaged(
                    source, at, "a stored page of %d bytes, not %d".formatted(length, pageSize.bytes()));
        }
        int tail = block + length;
        if ((int) INT.get(bytes, tail) != 0) {
            throw LtxException.damaged(
                    source,
                    at + tail - offset,
                    "an LZ4 frame continues after %d bytes of a page".formatted(pageSize.bytes()));
        }
        int hash = (int) LITTLE_INT.get(bytes, tail + 4);
        int found = Lz4.hash(page, pageOffset, pageSize.bytes());
        if (found != hash) {
            throw LtxException.damaged(
                    source, at + tail + 4 - offset, "content checksum %08x of a page with %08x".formatted(hash, found));
        }
    }

    private int checkedLength(int length, long at) throws LtxException {
        if (length < 1 || length > pageSize.maxCompressedSize()) {
            throw LtxException.damaged(
                    source,
                    at,
                    "a page of %d bytes cannot be compressed to %s"
                            .formatted(pageSize.bytes(), Integer.toUnsignedString(length)));
        }
        return length;
    }

    private void decompress(byte[] bytes, int offset, int length, long at, byte[] page, int pageOffset)
            throws LtxException {
        int found = Lz4.decompress(bytes, offset, length, page, pageOffset, pageSize.bytes());
        if (found < 0) {
            throw LtxException.damaged(
                    source, at, "no valid LZ4 block of one page of %d bytes".formatted(pageSize.bytes()));
        }
        if (found != pageSize.bytes()) {
            throw LtxException.damaged(source, at, "a page of %d bytes, not %d".formatted(found, pageSize.bytes()));
        }
    }
}
