package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A store under test, with what the contract asks of it again and again. */
record StoreProbe(ObjectStore store) {
    ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return store.put(key, body, options);
    }

    ObjectInfo put(String key, String content) throws StoreException {
        return put(key, Bodies.of(content), StoreTraits.REPLACE);
    }

    /** Puts so many objects, side by side and in no order; gives their keys in order. */
    List<String> putMany(int count) throws Exception {
        List<String> keys =
                IntStream.range(0, count).mapToObj("many/%04d"::formatted).toList();
        List<Callable<ObjectInfo>> puts = new ArrayList<>();
        keys.forEach(key -> puts.add(() -> put(key, key)));
        Collections.shuffle(puts, new Random(1));
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<ObjectInfo> put : threads.invokeAll(puts)) {
                put.get();
            }
        }
        return keys;
    }

    Optional<ObjectInfo> stat(String key) throws StoreException {
        return store.stat(key);
    }

    InputStream open(String key, ByteRange range) throws StoreException {
        return store.open(key, range);
    }

    String read(String key) throws IOException {
        return new String(readBytes(key, ByteRange.ALL), StandardCharsets.UTF_8);
    }

    byte[] readBytes(String key, ByteRange range) throws IOException {
        try (InputStream content = open(key, range)) {
            return content.readAllBytes();
        }
    }

    void delete(Collection<String> keys) throws StoreException {
        store.delete(keys);
    }

    List<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        try (Stream<ObjectInfo> listing = store.list(prefix, after)) {
            return listing.toList();
        }
    }

    /** Sorted, because a listing is in no order. */
    List<String> keys(String prefix) throws StoreException {
        return list(prefix, Optional.empty()).stream()
                .map(ObjectInfo::key)
                .sorted()
                .toList();
    }

    /** Sorted likewise. */
    List<String> keysAfter(String prefix, String after) throws StoreException {
        return list(prefix, Optional.of(after)).stream()
                .map(ObjectInfo::key)
                .sorted()
                .toList();
    }

    void assertNothingThere(String key) throws StoreException {
        assertThat(stat(key)).isEmpty();
        assertThat(keys("")).isEmpty();
        assertThatExceptionOfType(StoreException.NotFound.class)
                .isThrownBy(() -> open(key, ByteRange.ALL).close());
    }

    String location() {
        return store.location();
    }
}
