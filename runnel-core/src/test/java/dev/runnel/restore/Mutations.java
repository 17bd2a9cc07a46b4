package dev.runnel.restore;

import dev.runnel.store.ByteRange;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A store that damages what is read from another, which stays as it is. */
final class Mutations extends ForwardingStore {
    private final Map<String, UnaryOperator<byte[]>> contents = new HashMap<>();
    private final Map<String, Step> steps = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private final Set<String> unlisted = new HashSet<>();
    private final Set<String> listedAsBefore = new HashSet<>();

    Mutations(ObjectStore store) {
        super(store);
    }

    /** Something that happens to the store. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    /** Happens once, when an object is first opened. */
    void beforeOpen(String key, Step step) {
        steps.put(key, step);
    }

    void listButDoNotHave(String key) {
        missing.add(key);
    }

    void remove(String key) {
        missing.add(key);
        unlisted.add(key);
    }

    /** Changes one bit. */
    void flip(String key, int at, int bit) {
        contents.put(key, bytes -> {
            bytes[at] ^= (byte) (1 << bit);
            return bytes;
        });
    }

    /** Leaves the first bytes only; the listing says so too. */
    void cut(String key, int length) {
        contents.put(key, bytes -> Arrays.copyOf(bytes, length));
    }

    /** Gives the content of another object. */
    void replace(String key, String other) {
        contents.put(key, _ -> {
            try (InputStream in = super.open(other, ByteRange.ALL)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Leaves the first bytes only, but lists what was there before. */
    void cutAfterListing(String key, int length) {
        cut(key, length);
        listedAsBefore.add(key);
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return super.list(prefix, after)
                .filter(object -> !unlisted.contains(object.key()))
                .map(object -> new ObjectInfo(object.key(), size(object), object.time()));
    }

    private long size(ObjectInfo object) {
        boolean changed = contents.containsKey(object.key()) && !listedAsBefore.contains(object.key());
        return changed ? content(object.key()).length : object.size();
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        Step step = steps.remove(key);
        try {
            if (step != null) {
                step.run();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        if (missing.contains(key)) {
            throw new StoreException.NotFound(location(), key);
        }
        if (!contents.containsKey(key)) {
            return super.open(key, range);
        }
        byte[] bytes = content(key);
        int from = (int) Math.min(range.offset(), bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(range.length(), bytes.length - from));
    }

    private byte[] content(String key) {
        try (InputStream in = super.open(key, ByteRange.ALL)) {
            return contents.getOrDefault(key, UnaryOperator.identity()).apply(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
