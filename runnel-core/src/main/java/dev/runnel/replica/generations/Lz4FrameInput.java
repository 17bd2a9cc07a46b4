package dev.runnel.replica.generations;

import dev.runnel.ltx.Lz4;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import net.jpountz.xxhash.StreamingXXHash32;

/**
 * Decodes one LZ4 frame of independent blocks (LZ4 frame format 1.6), checking all checksums that it has. The end of the
 * data is reached only when the frame is whole, and nothing comes after it; else an {@link Lz4FrameException}.
 *
 * <p>The stream below stays the caller's to close.
 */
final class Lz4FrameInput extends InputStream {
    static final int MAGIC = 0x184D2204;
    static final int MAGIC_SIZE = Integer.BYTES;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VERSION_MASK = 0xC0;
    private static final int VERSION = 0x40;
    private static final int INDEPENDENT = 0x20;
    private static final int BLOCK_CHECKSUMS = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_CHECKSUM = 0x04;
    private static final int UNKNOWN = 0x03;
    private static final int SMALLEST_BLOCK_CODE = 4;
    private static final int LARGEST_BLOCK_CODE = 7;

    /** No LZ4 block gives more than this many times its own length. */
    private static final int LARGEST_RATIO = 255;

    private final InputStream in;
    private final StreamingXXHash32 hash = Lz4.newHash();
    private final byte[] word = new byte[8];
    private final int flags;
    private final int blockLimit;
    private byte[] compressed = new byte[0];
    private byte[] block = new byte[0];
    private int position;
    private int limit;
    private long consumed;
    private boolean atEnd;

    /** Whether some bytes are those at the start of every frame. */
    static boolean isMagic(byte[] start) {
        return start.length == MAGIC_SIZE && (int) INTS.get(start, 0) == MAGIC;
    }

    /** Reads the header of the frame. */
    Lz4FrameInput(InputStream in) throws IOException {
        this.in = in;
        if (readInt("the start of an LZ4 frame") != MAGIC) {
            throw new Lz4FrameException("it does not start as an LZ4 frame");
        }
        byte[] descriptor = new byte[2 + Long.BYTES];
        fill(descriptor, 2, "the header of its LZ4 frame");
        flags = descriptor[0] & 0xFF;
        int code = descriptor[1] >>> 4 & 0x0F;
        if ((flags & VERSION_MASK) != VERSION
                || (flags & INDEPENDENT) == 0
                || (flags & UNKNOWN) != 0
                || code < SMALLEST_BLOCK_CODE
                || code > LARGEST_BLOCK_CODE) {
            throw new Lz4FrameException(
                    "its LZ4 frame is of a kind that is not read: %02x%02x".formatted(flags, descriptor[1]));
        }
        int length = 2;
        if ((flags & CONTENT_SIZE) != 0) {
            fill(word, Long.BYTES, "the header of its LZ4 frame");
            System.arraycopy(word, 0, descriptor, length, Long.BYTES);
            length += Long.BYTES;
        }
        fill(word, 1, "the header of its LZ4 frame");
        if (word[0] != (byte) (Lz4.hash(descriptor, 0, length) >> 8)) {
            throw new Lz4FrameException("the header of its LZ4 frame is damaged");
        }
        blockLimit = 1 << (8 + 2 * code);
    }

    @Override
    public int read() throws IOException {
        return isEmpty() ? -1 : block[position++] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isEmpty()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(block, position, into, offset, count);
        position += count;
        return count;
    }

    /** Bytes read from the stream below so far. */
    long consumed() {
        return consumed;
    }

    private boolean isEmpty() throws IOException {
        while (position == limit && !atEnd) {
            nextBlock();
        }
        return position == limit;
    }

    private void nextBlock() throws IOException {
        int header = readInt("an LZ4 block");
        if (header == 0) {
            end();
            return;
        }
        int size = header & Integer.MAX_VALUE;
        if (size > blockLimit) {
            throw new Lz4FrameException("an LZ4 block of " + size + " bytes, longer than its frame allows");
        }
        compressed = atLeast(size, compressed);
        fill(compressed, size, "an LZ4 block");
        if ((flags & BLOCK_CHECKSUMS) != 0
                && readInt("the checksum of an LZ4 block") != Lz4.hash(compressed, 0, size)) {
            throw new Lz4FrameException("an LZ4 block does not have its checksum");
        }
        decode(header, size);
        position = 0;
        hash.update(block, 0, limit);
    }

    private void decode(int header, int size) throws Lz4FrameException {
        if (header < 0) {
            block = atLeast(size, block);
            System.arraycopy(compressed, 0, block, 0, size);
            limit = size;
            return;
        }
        int most = (int) Math.min(blockLimit, (long) size * LARGEST_RATIO);
        block = atLeast(most, block);
        limit = Lz4.decompress(compressed, 0, size, block, 0, most);
        if (limit < 0) {
            limit = 0;
            throw new Lz4FrameException("an LZ4 block is damaged");
        }
    }

    private void end() throws IOException {
        if ((flags & CONTENT_CHECKSUM) != 0 && readInt("the checksum of its LZ4 frame") != hash.getValue()) {
            throw new Lz4FrameException("its content does not have the checksum of its LZ4 frame");
        }
        if (in.read() >= 0) {
            throw new Lz4FrameException("it continues after its LZ4 frame");
        }
        atEnd = true;
    }

    private int readInt(String what) throws IOException {
        fill(word, Integer.BYTES, what);
        return (int) INTS.get(word, 0);
    }

    private void fill(byte[] into, int length, String what) throws IOException {
        int found = in.readNBytes(into, 0, length);
        consumed += found;
        if (found < length) {
            throw new Lz4FrameException("it ends at byte " + consumed + ", within " + what);
        }
    }

    private static byte[] atLeast(int size, byte[] array) {
        return array.length >= size ? array : new byte[size];
    }

    @Override
    public void close() {
        hash.close();
    }
}
