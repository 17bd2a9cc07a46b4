package dev.runnel.replica.generations;

import dev.runnel.ltx.Lz4;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.xxhash.StreamingXXHash32;

/**
 * Encodes one LZ4 frame (LZ4 frame format 1.6): independent blocks, a checksum of the content. Memory is constant. The
 * frame is whole once {@link #finish} has returned.
 *
 * <p>The stream below stays the caller's to close.
 */
final class Lz4FrameOutput extends OutputStream {
    /** Version 1, independent blocks, content checksum. */
    private static final byte FLAGS = 0x64;

    /** Code 5 says 256 KiB: little to hold for many databases at once, and enough to compress well. */
    private static final byte BLOCK_CODE = 0x50;

    /** The length of a frame without content. */
    static final int SMALLEST = 15;

    private static final int BLOCK_SIZE = 256 << 10;
    private static final int STORED = 1 << 31;

    private final OutputStream out;
    private final StreamingXXHash32 hash = Lz4.newHash();
    private final ByteBuffer word = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] block = new byte[BLOCK_SIZE];
    private final byte[] compressed = new byte[Lz4.maxCompressedSize(BLOCK_SIZE)];
    private int filled;

    /** Writes the header of the frame. */
    Lz4FrameOutput(OutputStream out) throws IOException {
        this.out = out;
        byte[] descriptor = {FLAGS, BLOCK_CODE};
        writeInt(Lz4FrameInput.MAGIC);
        out.write(descriptor);
        out.write(Lz4.hash(descriptor, 0, descriptor.length) >> 8);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, BLOCK_SIZE - filled);
            System.arraycopy(bytes, offset + done, block, filled, count);
            filled += count;
            done += count;
            if (filled == BLOCK_SIZE) {
                writeBlock();
            }
        }
    }

    /** Ends the frame. */
    void finish() throws IOException {
        if (filled > 0) {
            writeBlock();
        }
        writeInt(0);
        writeInt(hash.getValue());
    }

    private void writeBlock() throws IOException {
        hash.update(block, 0, filled);
        int size = Lz4.compress(block, 0, filled, compressed, 0);
        if (size < filled) {
            writeInt(size);
            out.write(compressed, 0, size);
        } else {
            writeInt(filled | STORED);
            out.write(block, 0, filled);
        }
        filled = 0;
    }

    private void writeInt(int value) throws IOException {
        out.write(word.putInt(0, value).array());
    }

    @Override
    public void close() {
        hash.close();
    }
}
