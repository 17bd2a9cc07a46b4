package dev.runnel.store;

import dev.runnel.platform.Clock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/** Objects on the heap: for tests, and for histories that need not outlive the process. */
public final class MemoryStore implements ObjectStore {
    private final ConcurrentNavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final Clock clock;

    /** An empty store. The clock gives the time of objects that are put without one. */
    public MemoryStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) {
        ConcurrentNavigableMap<String, Stored> rest = objects.tailMap(prefix, true);
        if (after.isPresent() && after.get().compareTo(prefix) >= 0) {
            rest = objects.tailMap(after.get(), false);
        }
        return rest.entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> entry.getValue().info(entry.getKey()));
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        Stored object = objects.get(ObjectKeys.checked(key));
        if (object == null) {
            throw new StoreException.NotFound(location(), key);
        }
        int offset = (int) Math.min(range.offset(), object.content.length);
        int length = (int) Math.min(range.length(), object.content.length - offset);
        return new ByteArrayInputStream(object.content, offset, length);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return Optional.ofNullable(objects.get(ObjectKeys.checked(key))).map(object -> object.info(key));
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        ObjectKeys.checked(key);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        BodyWriter.write(body, content, location(), key);
        Stored object = new Stored(content.toByteArray(), options.time().orElseGet(clock::now));
        switch (options.existing()) {
            case REPLACE -> objects.put(key, object);
            case KEEP_AND_FAIL -> {
                if (objects.putIfAbsent(key, object) != null) {
                    throw new StoreException.Exists(location(), key);
                }
            }
        }
        return object.info(key);
    }

    @Override
    public void delete(Collection<String> keys) {
        keys.forEach(key -> objects.remove(ObjectKeys.checked(key)));
    }

    @Override
    public String location() {
        return "memory";
    }

    private static final class Stored {
        private final byte[] content;
        private final Instant time;

        Stored(byte[] content, Instant time) {
            this.content = content;
            this.time = time;
        }

        ObjectInfo info(String key) {
            return new ObjectInfo(key, content.length, time);
        }
    }
}
