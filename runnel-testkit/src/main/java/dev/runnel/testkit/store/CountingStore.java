package dev.runnel.testkit.store;

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
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts operations and the bytes they moved, so that a test can say how many are too many. */
public final class CountingStore implements ObjectStore {
    private final ObjectStore inner;
    private final Map<StoreOperation, AtomicLong> counts = new EnumMap<>(StoreOperation.class);
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesStored = new LongAdder();

    public CountingStore(ObjectStore inner) {
        this.inner = inner;
        for (StoreOperation operation : StoreOperation.values()) {
            counts.put(operation, new AtomicLong());
        }
    }

    /** How often an operation was called, failed calls included. */
    public long count(StoreOperation operation) {
        return counter(operation).get();
    }

    /** Calls of all operations together. */
    public long total() {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Bytes that were read from objects. */
    public long bytesRead() {
        return bytesRead.sum();
    }

    /** Sizes of the objects that were put. */
    public long bytesStored() {
        return bytesStored.sum();
    }

    public void reset() {
        counts.values().forEach(count -> count.set(0));
        bytesRead.reset();
        bytesStored.reset();
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        counter(StoreOperation.LIST).incrementAndGet();
        return inner.list(prefix, after);
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        counter(StoreOperation.OPEN).incrementAndGet();
        return new CountedInput(inner.open(key, range));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        counter(StoreOperation.STAT).incrementAndGet();
        return inner.stat(key);
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        counter(StoreOperation.PUT).incrementAndGet();
        ObjectInfo stored = inner.put(key, body, options);
        bytesStored.add(stored.size());
        return stored;
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        counter(StoreOperation.DELETE).incrementAndGet();
        inner.delete(keys);
    }

    @Override
    public String location() {
        return inner.location();
    }

    private AtomicLong counter(StoreOperation operation) {
        return counts.computeIfAbsent(operation, _ -> new AtomicLong());
    }

    private final class CountedInput extends FilterInputStream {
        CountedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            bytesRead.add(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            bytesRead.add(Math.max(count, 0));
            return count;
        }
    }
}
