package dev.runnel.store;

import dev.runnel.platform.ArrayInput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A range of an object, opened again from where it broke off. */
final class ResumingInput extends ArrayInput {
    private final ObjectStore store;
    private final Retries retries;
    private final String key;
    private InputStream in;
    private ByteRange left;
    private boolean lost;

    ResumingInput(ObjectStore store, Retries retries, String key, ByteRange range) throws StoreException {
        this.store = store;
        this.retries = retries;
        this.key = key;
        this.in = store.open(key, range);
        this.left = range;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws StoreException {
        Objects.checkFromIndexSize(offset, length, into.length);
        int count = retries.run(() -> attempt(into, offset, length));
        if (count > 0) {
            left = new ByteRange(left.offset() + count, left.length() - count);
        }
        return count;
    }

    private int attempt(byte[] into, int offset, int length) throws StoreException {
        if (lost) {
            in = store.open(key, left);
            lost = false;
        }
        try {
            return in.read(into, offset, length);
        } catch (StoreException.Unavailable e) {
            throw lost(e);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw lost(new StoreException.Unavailable(store.location(), "reading " + key, e));
        }
    }

    /** What is broken may fail to close, which is nothing new. */
    private StoreException lost(StoreException fault) {
        lost = true;
        try {
            in.close();
        } catch (IOException e) {
            fault.addSuppressed(e);
        }
        return fault;
    }

    @Override
    public void close() throws IOException {
        if (!lost) {
            in.close();
        }
    }
}
