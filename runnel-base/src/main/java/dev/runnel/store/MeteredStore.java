package dev.runnel.store;

import dev.runnel.platform.Clock;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Counts what is asked of a store: requests, bytes, time and errors by operation. Over a client that makes several
 * requests for one call, a call counts once; of a listing, which continues while it is read, only its beginning is
 * timed.
 */
public final class MeteredStore implements ObjectStore {
    private final ObjectStore inner;
    private final OperationMeter lists;
    private final OperationMeter opens;
    private final OperationMeter stats;
    private final OperationMeter puts;
    private final OperationMeter deletes;

    public MeteredStore(ObjectStore inner, Clock clock) {
        this.inner = inner;
        this.lists = new OperationMeter(clock);
        this.opens = new OperationMeter(clock);
        this.stats = new OperationMeter(clock);
        this.puts = new OperationMeter(clock);
        this.deletes = new OperationMeter(clock);
    }

    /** The counts so far. */
    public StoreUsage usage() {
        return new StoreUsage(lists.total(), opens.total(), stats.total(), puts.total(), deletes.total());
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return lists.request(() -> inner.list(prefix, after));
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        return new MeteredInput(opens, opens.request(() -> inner.open(key, range)));
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        return stats.request(() -> inner.stat(key));
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return puts.request(() -> inner.put(key, new MeteredBody(body, puts), options));
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        deletes.request(() -> {
            inner.delete(keys);
            return keys;
        });
    }

    @Override
    public String location() {
        return inner.location();
    }
}
