package dev.runnel.replica.inventory;

import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** A store whose listings show when objects were uploaded: all at one time, later than any of them was made. */
final class UploadTimes extends ForwardingStore {
    private final Instant uploaded;

    UploadTimes(ObjectStore inner, Instant uploaded) {
        super(inner);
        this.uploaded = uploaded;
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return super.list(prefix, after).map(object -> new ObjectInfo(object.key(), object.size(), uploaded));
    }
}
