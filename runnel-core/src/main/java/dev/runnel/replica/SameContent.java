package dev.runnel.replica;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Compares what is there with a content, byte for byte, without holding either. */
public final class SameContent {
    private SameContent() {}

    /** @param existing from its start; it stays the caller's to close */
    public static boolean test(InputStream existing, Content content) throws IOException {
        Comparison comparison = new Comparison(existing);
        content.writeTo(comparison);
        return comparison.same && existing.read() < 0;
    }

    /** Reads on in the object as the content is written; after the first difference it only lets that finish. */
    private static final class Comparison extends OutputStream {
        private final InputStream existing;
        private boolean same = true;

        Comparison(InputStream existing) {
            this.existing = existing;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (same) {
                byte[] other = existing.readNBytes(length);
                same = Arrays.equals(bytes, offset, offset + length, other, 0, other.length);
            }
        }
    }
}
