package dev.runnel.store;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tries operations again that failed because the store did not answer. Not for stores whose client does so by itself.
 *
 * <p>A put that was to keep what is there may fail with {@link StoreException.Exists} because of its own earlier attempt,
 * which was told to have failed; whoever puts so has to look at what is there in any case. A listing is read to its end
 * before any of it is given out.
 */
public final class RetryingStore implements ObjectStore {
    private final ObjectStore inner;
    private final Retries retries;

    /** @param entropy makes pauses uneven */
    public RetryingStore(ObjectStore inner, RetryLimits limits, Clock clock, Entropy entropy) {
        this.inner = inner;
        this.retries = new Retries(limits, clock, entropy);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return retries.run(() -> listAll(prefix, after)).stream();
    }

    private List<ObjectInfo> listAll(String prefix, Optional<String> after) throws StoreException {
        try (Stream<ObjectInfo> listing = inner.list(prefix, after)) {
            return listing.toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof StoreException fault) {
                throw fault;
            }
            throw e;
        }
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return retries.run(() -> inner.open(key, range));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        return retries.run(() -> inner.stat(key));
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return retries.run(() -> inner.put(key, body, options));
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        retries.run(() -> {
            inner.delete(keys);
            return keys;
        });
    }

    @Override
    public String location() {
        return inner.location();
    }
}
