package dev.runnel.store;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Records each attempt to store a body before its last byte leaves, so that there is never a whole object of ours that is
 * not recorded, however early the process ends after that. A record without an object does no harm.
 */
record RecordedBody(String key, Body body, Optional<PutOptions.Label> label, UploadJournal journal) implements Body {
    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        Held held = new Held(out);
        body.writeTo(held);
        journal.add(key, held.digests.upload(label));
        held.release();
    }

    /** Keeps the last byte back. */
    private static final class Held extends OutputStream {
        private final OutputStream out;
        private final Digests digests = new Digests();
        private final byte[] last = new byte[1];
        private boolean isHolding;

        Held(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            release();
            digests.update(bytes, offset, length);
            out.write(bytes, offset, length - 1);
            last[0] = bytes[offset + length - 1];
            isHolding = true;
        }

        void release() throws IOException {
            if (isHolding) {
                out.write(last, 0, 1);
                isHolding = false;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
