package dev.runnel.ltx;

import java.io.IOException;

/** Some pages that are being compressed. Used by one thread after the other. */
final class PageBatch {
    private final int pageSize;
    private final int blockSize;
    private final byte[] pages;
    private final byte[] blocks;
    private final int[] numbers;
    private final int[] lengths;
    private final long[] crcs;
    private final long[] checksums;
    private final boolean provesPages;
    private int count;

    /** @param provesPages whether the checksum of each page is wanted */
    PageBatch(PageSize pageSize, int capacity, boolean provesPages) {
        this.pageSize = pageSize.bytes();
        this.blockSize = pageSize.maxCompressedSize();
        this.pages = new byte[capacity * this.pageSize];
        this.blocks = new byte[capacity * blockSize];
        this.numbers = new int[capacity];
        this.lengths = new int[capacity];
        this.crcs = new long[capacity];
        this.checksums = new long[capacity];
        this.provesPages = provesPages;
    }

    boolean isFull() {
        return count == numbers.length;
    }

    void add(int number, byte[] data, int offset) {
        System.arraycopy(data, offset, pages, count * pageSize, pageSize);
        numbers[count] = number;
        count++;
    }

    PageBatch compress() {
        for (int i = 0; i < count; i++) {
            crcs[i] = Crc64.update(0, pages, i * pageSize, pageSize);
            if (provesPages) {
                checksums[i] = Checksums.page(numbers[i], pages, i * pageSize, pageSize);
            }
            lengths[i] = Lz4.compress(pages, i * pageSize, pageSize, blocks, i * blockSize);
        }
        return this;
    }

    /** Writes the compressed pages, and leaves the batch empty. */
    void writeTo(FrameWriter writer) throws IOException {
        for (int i = 0; i < count; i++) {
            writer.write(numbers[i], crcs[i], checksums[i], blocks, i * blockSize, lengths[i]);
        }
        count = 0;
    }
}
