package dev.runnel.testkit.store;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Takes what is put at a limited pace, as a thin line does. Everything else is as fast as the store behind it. */
public final class SlowStore implements ObjectStore {
    private final ObjectStore inner;
    private final long bytesASecond;

    /** @param bytesASecond the pace of each put on its own */
    public SlowStore(ObjectStore inner, long bytesASecond) {
        this.inner = inner;
        this.bytesASecond = bytesASecond;
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return inner.list(prefix, after);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return inner.open(key, range);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        return inner.stat(key);
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return inner.put(key, new SlowBody(body), options);
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        inner.delete(keys);
    }

    @Override
    public String location() {
        return inner.location();
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
