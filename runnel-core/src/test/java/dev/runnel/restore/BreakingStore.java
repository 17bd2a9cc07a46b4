package dev.runnel.restore;

import dev.runnel.store.ByteRange;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A store that is away permanently, or changes, after so many bytes. It counts what is read. */
final class BreakingStore extends ForwardingStore {
    private long read;
    private long limit = Long.MAX_VALUE;
    private Optional<Change> change = Optional.empty();

    /** What happens to the replica. */
    @FunctionalInterface
    interface Change {
        void run() throws IOException;
    }

    BreakingStore(ObjectStore inner) {
        super(inner);
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
        return new FilterInputStream(super.open(key, range)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int bytes = in.read(into, offset, length);
                count(key, Math.max(0, bytes));
                return bytes;
            }
        };
    }
}
