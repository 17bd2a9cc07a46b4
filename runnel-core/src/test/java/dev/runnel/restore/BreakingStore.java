package dev.runnel.restore;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** A store that is away for good, or changes, after so many bytes. It counts what is read. */
final class BreakingStore implements ObjectStore {
    private final ObjectStore inner;
    private long read;
    private long limit = Long.MAX_VALUE;
    private Optional<Change> change = Optional.empty();

    /** What happens to the replica. */
    @FunctionalInterface
    interface Change {
        void run() throws IOException;
    }

    BreakingStore(ObjectStore inner) {
        this.inner = inner;
    }

    synchronized void breakAfter(long bytes) {
        limit = read + bytes;
    }

    /** After so many bytes something happens, and the object that is read then is gone. */
    synchronized void vanishAfter(long bytes, Change what) {
        breakAfter(bytes);
        change = Optional.of(what);
    }

    /** All is well again, and nothing read yet. */
    synchronized void reset() {
        limit = Long.MAX_VALUE;
        read = 0;
    }

    synchronized long bytesRead() {
        return read;
    }

    private synchronized void count(String key, int bytes) throws IOException {
        read += bytes;
        if (read < limit) {
            return;
        }
        if (change.isPresent()) {
            Change what = change.get();
            change = Optional.empty();
            limit = Long.MAX_VALUE;
            what.run();
            throw new StoreException.NotFound(location(), key);
        }
        throw new StoreException.Unavailable(location(), "reading " + key, new IOException("connection reset"));
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return new FilterInputStream(inner.open(key, range)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int bytes = in.read(into, offset, length);
                count(key, Math.max(0, bytes));
                return bytes;
            }
        };
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return inner.list(prefix, after);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        return inner.stat(key);
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return inner.put(key, body, options);
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        inner.delete(keys);
    }

    @Override
    public String location() {
        return inner.location();
    }
}
