package dev.runnel.ltx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Writes an LTX file on the caller's thread. */
public final class LtxEncoder implements LtxWriter {
    private final FrameWriter writer;
    private final int pageSize;
    private final byte[] block;

    /**
     * Writes the header.
     *
     * @param out takes the file; it stays the caller's to close
     * @param scratch room for the page index of a file of more than some hundred thousand pages
     */
    public LtxEncoder(OutputStream out, LtxHeader header, Scratch scratch) throws IOException {
        this.writer = new FrameWriter(out, header, scratch);
        this.pageSize = header.pageSize().bytes();
        this.block = new byte[header.pageSize().maxCompressedSize()];
    }

    @Override
    public void page(int number, byte[] data, int offset) throws IOException {
        Objects.checkFromIndexSize(offset, pageSize, data.length);
        writer.accept(number);
        int length = Lz4.compress(data, offset, pageSize, block, 0);
        long crc = Crc64.update(0, data, offset, pageSize);
        long checksum = writer.provesPages() ? Checksums.page(number, data, offset, pageSize) : 0;
        writer.write(number, crc, checksum, block, 0, length);
    }

    @Override
    public LtxSummary finish() throws IOException {
        return writer.finish();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
