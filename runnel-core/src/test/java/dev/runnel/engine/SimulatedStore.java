package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The objects of a simulated location. Its listings may show the times of uploads, as those of S3 do; each request may take
 * time; and what is put is told to somebody. A test changes objects behind everybody's back.
 */
final class SimulatedStore implements ObjectStore {
    private final MemoryStore objects;
    private final SimulatedClock clock;
    private final boolean listsUploads;
    private final Consumer<ObjectInfo> told;
    private final Map<String, Instant> uploaded = new HashMap<>();
    private final Map<String, Integer> versions = new HashMap<>();
    private Duration delay = Duration.ZERO;

    /**
     * @param listsUploads whether listings show the times of uploads
     * @param told is told of each object that was put, with its own time
     */
    SimulatedStore(SimulatedClock clock, boolean listsUploads, Consumer<ObjectInfo> told) {
        this.objects = new MemoryStore(clock);
        this.clock = clock;
        this.listsUploads = listsUploads;
        this.told = told;
    }

    /** How long each request takes from now on; gives how long it took before. */
    Duration delay(Duration each) {
        Duration before = delay;
        delay = each;
        return before;
    }

    /** All objects, with their own times. */
    List<ObjectInfo> all() {
        try (Stream<ObjectInfo> listing = objects.list("", Optional.empty())) {
            return listing.toList();
        }
    }

    byte[] content(String key) throws IOException {
        try (InputStream in = objects.open(key, ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }

    boolean has(String key) {
        return objects.stat(key).isPresent();
    }

    /** Another number for each content that an object has had. */
    int version(String key) {
        return versions.getOrDefault(key, 0);
    }

    private void changed(String key) {
        versions.merge(key, 1, Integer::sum);
    }

    /** An object is lost. */
    void lose(String key) {
        objects.delete(List.of(key));
    }

    /** An object gets another content, and keeps its times. */
    void damage(String key, byte[] content) throws IOException {
        Instant own = objects.stat(key).orElseThrow().time();
        objects.put(key, Bodies.of(content), PutOptions.replace(own));
        changed(key);
    }

    /** All objects are copied: a listing shows the time of the copy, and a file keeps no other. */
    void copyAll(Clock now) throws IOException {
        for (ObjectInfo object : all()) {
            uploaded.put(object.key(), now.now());
            if (!listsUploads) {
                objects.put(object.key(), Bodies.of(content(object.key())), PutOptions.replace(now.now()));
            }
        }
    }

    /** The time that a listing shows. */
    Instant listed(ObjectInfo object) {
        return listsUploads ? uploaded.getOrDefault(object.key(), object.time()) : object.time();
    }

    private void pass() {
        clock.advance(delay);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) {
        pass();
        Stream<ObjectInfo> found = objects.list(prefix, after);
        return found.map(object -> new ObjectInfo(object.key(), object.size(), listed(object)));
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        pass();
        return objects.open(key, range);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        pass();
        return objects.stat(key);
    }

    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        pass();
        ObjectInfo stored = objects.put(key, body, options);
        uploaded.put(key, clock.now());
        changed(key);
        told.accept(stored);
        return stored;
    }

    @Override
    public void delete(Collection<String> keys) {
        pass();
        objects.delete(keys);
    }

    @Override
    public String location() {
        return objects.location();
    }
}
