package dev.runnel.testkit.store;

import dev.runnel.store.Body;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Takes what is put at a limited pace, as a thin line does. Everything else is as fast as the store behind it. */
public final class SlowStore extends ForwardingStore {
    private final long bytesASecond;

    /** @param bytesASecond the pace of each put on its own */
    public SlowStore(ObjectStore inner, long bytesASecond) {
        super(inner);
        this.bytesASecond = bytesASecond;
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return super.put(key, new SlowBody(body), options);
    }

    private final class SlowBody implements Body {
        private final Body inner;

        SlowBody(Body inner) {
            this.inner = inner;
        }

        @Override
        public OptionalLong length() {
            return inner.length();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            inner.writeTo(new SlowOutput(out));
        }
    }

    private final class SlowOutput extends FilterOutputStream {
        private final long start = System.nanoTime();
        private long written;

        SlowOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            written += length;
            long due = start + (long) (written * 1e9 / bytesASecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("interrupted while writing slowly");
                }
            }
        }
    }
}
