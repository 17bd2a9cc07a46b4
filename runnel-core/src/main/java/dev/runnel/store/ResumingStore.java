package dev.runnel.store;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Goes on reading an object where its connection was lost, which no client does by itself. What is read afterwards comes
 * from the object as it is then; who reads has checksums.
 */
public final class ResumingStore implements ObjectStore {
    private final ObjectStore inner;
    private final Retries retries;

    /**
     * @param limits for each loss of the connection
     * @param entropy makes pauses uneven
     */
    public ResumingStore(ObjectStore inner, RetryLimits limits, Clock clock, Entropy entropy) {
        this.inner = inner;
        this.retries = new Retries(limits, clock, entropy);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return new ResumingInput(inner, retries, key, range);
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
