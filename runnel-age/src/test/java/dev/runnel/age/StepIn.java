package dev.runnel.age;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** A store in the way of another, for a test to step in. */
class StepIn implements ObjectStore {
    private final ObjectStore inner;

    StepIn(ObjectStore inner) {
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
    public String location() {
        return inner.location();
    }
}
