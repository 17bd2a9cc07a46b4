package dev.runnel.store;

import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** Passes everything on to another store, for decorators that change a method or two. */
public abstract class ForwardingStore implements ObjectStore {
    private final ObjectStore inner;

    protected ForwardingStore(ObjectStore inner) {
        this.inner = inner;
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
        return inner.put(key, body, options);
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        inner.delete(keys);
    }

    @Override
    public final String location() {
        return inner.location();
    }
}
