package dev.runnel.replica.ltx;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Compares an object with a body, byte for byte, without holding either. */
final class SameContent {
    private SameContent() {}

    static boolean test(ObjectStore store, String key, Body body) throws IOException {
        try (InputStream existing = store.open(key, ByteRange.ALL)) {
            Comparison comparison = new Comparison(existing);
            body.writeTo(comparison);
            return comparison.same && existing.read() < 0;
        }
    }

    /** Reads on in the object as the body is written; after the first difference it only lets the body finish. */
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
