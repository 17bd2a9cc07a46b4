package dev.runnel.store;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import java.io.InputStream;

/**
 * Goes on reading an object where its connection was lost, which no client does by itself. What is read afterwards comes
 * from the object as it is then; who reads has checksums.
 */
public final class ResumingStore extends ForwardingStore {
    private final ObjectStore inner;
    private final Retries retries;

    /**
     * @param limits for each loss of the connection
     * @param entropy makes pauses uneven
     */
    public ResumingStore(ObjectStore inner, RetryLimits limits, Clock clock, Entropy entropy) {
        super(inner);
        this.inner = inner;
        this.retries = new Retries(limits, clock, entropy);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return new ResumingInput(inner, retries, key, range);
    }
}
