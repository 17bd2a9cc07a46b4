package dev.runnel.age;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/**
 * Encrypts each object on its way to a store with age, and decrypts it on its way back. Keys and times stay as they are
 * and can be seen by anyone with access to the store; so can sizes, as far as they follow from those of the encrypted
 * objects.
 *
 * <p>Sizes are those of the content. They follow from the stored size once the length of an object's header is known: it
 * is, for what was put here; of every other object the header is read once.
 */
public final class AgeStore implements ObjectStore {
    /** Objects of a listing whose headers are read at a time. */
    private static final int HEADERS_AT_A_TIME = 32;

    /** What is kept for each is a key and two numbers. */
    private static final int SIZES_REMEMBERED = 50_000;

    private final ObjectStore inner;
    private final AgeKeys keys;
    private final int startLength;
    private final AgeReader reader;
    private final Bounded<Known> known = new Bounded<>(SIZES_REMEMBERED);

    /**
     * How long an object's header is, nonce included; 0 if it has none.
     *
     * @param size of the object as it is stored, by which it is seen to be still the same
     * @param start more than any object's size where the header is damaged
     */
    private record Known(long size, int start) {
        ObjectInfo content(ObjectInfo stored) {
            return start == 0 ? stored : sized(stored, Sizes.content(stored.size() - start));
        }
    }

    public AgeStore(ObjectStore inner, AgeKeys keys) {
        this.inner = inner;
        this.keys = keys;
        this.startLength = EncryptingOutput.startLength(keys.recipients());
        this.reader = new AgeReader(inner, keys.identities());
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
        return inner.list(prefix, after)
                .gather(Gatherers.mapConcurrent(HEADERS_AT_A_TIME, this::listed))
                .flatMap(Optional::stream);
    }

    /** Gives the size of the content. An object that is gone since it was listed is left out. */
    private Optional<ObjectInfo> listed(ObjectInfo stored) {
        try {
            return Optional.of(content(stored));
        } catch (StoreException.NotFound _) {
            return Optional.empty();
        } catch (StoreException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStream open(String key, ByteRange range) throws StoreException {
        try {
            return reader.open(key, range);
        } catch (IOException e) {
            throw fault(key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) throws StoreException {
        Optional<ObjectInfo> stored = inner.stat(key);
        return stored.isPresent() ? Optional.of(content(stored.get())) : stored;
    }

    /**
     * {@inheritDoc}
     *
     * @throws StoreException.Encryption if there is no recipient to encrypt to
     */
    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        if (!keys.canWrite()) {
            throw new StoreException.Encryption(
                    location(), key, "there is no recipient to encrypt it to", "Add age recipients to the replica.");
        }
        EncryptedBody encrypted = new EncryptedBody(body, keys.recipients(), startLength);
        reader.forget(key);
        ObjectInfo stored = inner.put(key, encrypted, options);
        known.put(key, new Known(stored.size(), startLength));
        return sized(stored, encrypted.written());
    }

    @Override
    public void delete(Collection<String> objects) throws StoreException {
        inner.delete(objects);
        objects.forEach(key -> {
            known.remove(key);
            reader.forget(key);
        });
    }

    @Override
    public String location() {
        return inner.location();
    }

    private ObjectInfo content(ObjectInfo stored) throws StoreException {
        Optional<Known> before = known.get(stored.key()).filter(object -> object.size() == stored.size());
        if (before.isPresent()) {
            return before.get().content(stored);
        }
        Known found = new Known(stored.size(), readStartLength(stored.key()));
        known.put(stored.key(), found);
        return found.content(stored);
    }

    /** What has no header is listed as it is, and what has a damaged one as empty; opening it says what is wrong. */
    private int readStartLength(String key) throws StoreException {
        try {
            return reader.start(key).length();
        } catch (HeaderException.NotEncrypted | HeaderException.Armored _) {
            return 0;
        } catch (HeaderException _) {
            return Integer.MAX_VALUE;
        } catch (IOException e) {
            throw fault(key, e);
        }
    }

    private StoreException fault(String key, IOException fault) {
        return switch (fault) {
            case StoreException known -> known;
            case HeaderException header -> new AgeFaults(location(), key).of(header);
            default -> new StoreException.Unavailable(location(), "reading " + key, fault);
        };
    }

    private static ObjectInfo sized(ObjectInfo stored, long size) {
        return new ObjectInfo(stored.key(), size, stored.time());
    }
}
