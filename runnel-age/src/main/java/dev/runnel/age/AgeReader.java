package dev.runnel.age;

import com.exceptionfactory.jagged.framework.crypto.CipherKey;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.Optional;

/** Reads encrypted objects by ranges of their content: only the chunks that a range touches, and each header once. */
final class AgeReader {
    /** What is read for a header at first: enough for some twenty recipients. */
    private static final int FIRST_LOOK = 2048;

    /** No header is longer. */
    private static final int LONGEST_START = 64 * 1024;

    /** Objects whose keys are kept at hand. A restore goes to and fro between fewer large files. */
    private static final int KEYS_REMEMBERED = 1024;

    private final ObjectStore store;
    private final List<Identity> identities;
    private final Bounded<Opened> opened = new Bounded<>(KEYS_REMEMBERED);

    /** An object whose header was read: where its chunks start, and their key. */
    private static final class Opened {
        private final int start;
        private final CipherKey payloadKey;

        Opened(int start, CipherKey payloadKey) {
            this.start = start;
            this.payloadKey = payloadKey;
        }
    }

    AgeReader(ObjectStore store, List<Identity> identities) {
        this.store = store;
        this.identities = List.copyOf(identities);
    }

    /** Forgets the key of an object, since another is to take its place. */
    void forget(String key) {
        opened.remove(key);
    }

    /** Reads the first bytes of an object; it takes no identity. */
    ObjectStart start(String key) throws IOException {
        for (int room : List.of(FIRST_LOOK, LONGEST_START)) {
            try (InputStream in = store.open(key, new ByteRange(0, room))) {
                Optional<ObjectStart> start = ObjectStart.read(in, room);
                if (start.isPresent()) {
                    return start.get();
                }
            }
        }
        throw new HeaderException.Malformed("it is longer than " + LONGEST_START + " bytes");
    }

    InputStream open(String key, ByteRange range) throws IOException {
        Optional<Opened> before = opened.get(key);
        if (before.isPresent()) {
            try {
                return part(key, before.get(), range);
            } catch (StoreException.Damaged _) {
                forget(key);
            }
        }
        return range.offset() < ChunkCipher.CHUNK ? fromStart(key, range) : part(key, open(key, start(key)), range);
    }

    /** Header and content by one request, unless the header is a long one. */
    private InputStream fromStart(String key, ByteRange range) throws IOException {
        InputStream in =
                store.open(key, new ByteRange(0, sum(FIRST_LOOK, stored(range).length())));
        try {
            Optional<ObjectStart> start = ObjectStart.read(in, FIRST_LOOK);
            if (start.isPresent()) {
                return decrypted(key, open(key, start.get()), start.get().chunks(in), range);
            }
        } catch (Throwable e) {
            in.close();
            throw e;
        }
        in.close();
        return part(key, open(key, start(key)), range);
    }

    private InputStream part(String key, Opened object, ByteRange range) throws IOException {
        ByteRange chunks = stored(range);
        InputStream in = store.open(key, new ByteRange(object.start + chunks.offset(), chunks.length()));
        try {
            PushbackInputStream peeked = new PushbackInputStream(in);
            int first = chunks.length() == 0 ? 0 : peeked.read();
            if (first >= 0) {
                peeked.unread(first);
                return decrypted(key, object, peeked, range);
            }
        } catch (Throwable e) {
            in.close();
            throw e;
        }
        in.close();
        checkEnd(key, object, range.offset() / ChunkCipher.CHUNK);
        return InputStream.nullInputStream();
    }

    /** The first chunk is decrypted at once, so that a key that is out of date does not get far. */
    private InputStream decrypted(String key, Opened object, InputStream chunks, ByteRange range) throws IOException {
        long first = range.offset() / ChunkCipher.CHUNK;
        DecryptingInput content = new DecryptingInput(
                chunks, new ChunkCipher(object.payloadKey), new AgeFaults(store.location(), key), first);
        content.limitTo((int) (range.offset() % ChunkCipher.CHUNK), range.length());
        return content;
    }

    /**
     * After a range that gave nothing: holds the chunk before against being the last.
     *
     * @param number of a chunk that is not there
     */
    private void checkEnd(String key, Opened object, long number) throws IOException {
        AgeFaults faults = new AgeFaults(store.location(), key);
        ObjectInfo stored = store.stat(key).orElseThrow(() -> new StoreException.NotFound(store.location(), key));
        long last = (stored.size() - object.start - 1) / ChunkCipher.STORED;
        if (last < 0 || last >= number) {
            throw faults.cutShort(number);
        }
        try (InputStream end = part(key, object, new ByteRange(last * ChunkCipher.CHUNK, Long.MAX_VALUE))) {
            end.transferTo(OutputStream.nullOutputStream());
        }
    }

    private Opened open(String key, ObjectStart start) throws HeaderException {
        Opened object = new Opened(start.length(), start.payloadKey(identities));
        opened.put(key, object);
        return object;
    }

    /** The chunks that hold a range, counted from the first. */
    private static ByteRange stored(ByteRange range) {
        if (range.length() == 0) {
            return new ByteRange(0, 0);
        }
        long first = range.offset() / ChunkCipher.CHUNK;
        long end = Math.ceilDiv(sum(range.offset(), range.length()), ChunkCipher.CHUNK);
        boolean toTheEnd = end > Long.MAX_VALUE / (2L * ChunkCipher.STORED);
        return new ByteRange(
                first * ChunkCipher.STORED, toTheEnd ? Long.MAX_VALUE : (end - first) * ChunkCipher.STORED);
    }

    private static long sum(long a, long b) {
        return b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
    }
}
