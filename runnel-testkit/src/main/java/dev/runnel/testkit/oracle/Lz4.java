package dev.runnel.testkit.oracle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Decodes LZ4 blocks, and the one-block frames of older LTX files. */
final class Lz4 {
    private static final int FRAME_MAGIC = 0x184D2204;
    private static final int FRAME_DESCRIPTOR = 0x4064;
    private static final byte FRAME_HEADER_CHECKSUM = (byte) 0xA7;
    private static final int MIN_MATCH = 4;

    private Lz4() {}

    /** Decodes a block that must give exactly {@code size} bytes. */
    static byte[] block(byte[] source, int size) {
        byte[] out = new byte[size];
        Cursor in = new Cursor(source);
        int at = 0;
        while (true) {
            int token = in.next();
            int literals = in.length(token >>> 4);
            if (literals > size - at) {
                throw new Fault("literals beyond the end of the page");
            }
            in.copy(out, at, literals);
            at += literals;
            if (in.atEnd()) {
                break;
            }
            int distance = in.next() | in.next() << 8;
            int match = in.length(token & 15) + MIN_MATCH;
            if (distance == 0 || distance > at || match > size - at) {
                throw new Fault("a match of " + match + " bytes at distance " + distance + " does not fit");
            }
            for (int end = at + match; at < end; at++) {
                out[at] = out[at - distance];
            }
        }
        if (at != size) {
            throw new Fault("a page of " + at + " bytes, not " + size);
        }
        return out;
    }

    /** Decodes the frame at the buffer's position, its descriptor as every LTX writer of that time set it. */
    static byte[] frame(ByteBuffer source, int size) {
        ByteBuffer in = source.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != FRAME_MAGIC || in.getShort() != FRAME_DESCRIPTOR || in.get() != FRAME_HEADER_CHECKSUM) {
            throw new Fault("not the start of an LZ4 frame");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int word = in.getInt(); word != 0; word = in.getInt()) {
            byte[] bytes = new byte[Math.min(word & 0x7fff_ffff, in.remaining())];
            in.get(bytes);
            content.writeBytes(word < 0 ? bytes : block(bytes, size));
        }
        byte[] page = content.toByteArray();
        if (page.length != size) {
            throw new Fault("a page of " + page.length + " bytes, not " + size);
        }
        if (in.getInt() != XxHash32.of(page)) {
            throw new Fault("checksum of the LZ4 frame");
        }
        source.position(source.position() + in.position());
        return page;
    }

    /** Bytes that are not what the format says. */
    static final class Fault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message);
        }
    }

    private static final class Cursor {
        private final byte[] bytes;
        private int at;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean atEnd() {
            return at == bytes.length;
        }

        int next() {
            if (atEnd()) {
                throw new Fault("the LZ4 block ends too early");
            }
            return bytes[at++] & 0xff;
        }

        int length(int nibble) {
            int length = nibble;
            if (nibble == 15) {
                int more;
                do {
                    more = next();
                    length = Math.addExact(length, more);
                } while (more == 255);
            }
            return length;
        }

        void copy(byte[] out, int to, int count) {
            if (count > bytes.length - at) {
                throw new Fault("the LZ4 block ends within literals");
            }
            System.arraycopy(bytes, at, out, to, count);
            at += count;
        }
    }
}
