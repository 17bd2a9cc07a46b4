package dev.runnel.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Records durably what this machine stores, as it is stored, and recognises it later: for objects that are encrypted before
 * they get here, on a machine that cannot decrypt them. What is recognised is what was stored, byte for byte.
 */
public final class RecordingStore extends ForwardingStore {
    private static final int BUFFER = 64 * 1024;

    private final UploadJournal journal;

    /** How an object compares with what is recorded of it. */
    public enum Match {
        /** It is as this machine has stored it, as far as it was read. */
        SAME,
        /** It starts as an object that this machine has stored, and does not continue as that. */
        CHANGED,
        /** This machine has not stored it, or has lost the record; or the start of the object is damaged. */
        UNKNOWN
    }

    /**
     * What came out when an object was compared.
     *
     * @param label as it was given when the object was stored; empty if it is not the same
     */
    public record Recognised(Match match, Optional<PutOptions.Label> label) {
        private static final Recognised UNKNOWN = new Recognised(Match.UNKNOWN, Optional.empty());
        private static final Recognised CHANGED = new Recognised(Match.CHANGED, Optional.empty());
    }

    public RecordingStore(ObjectStore inner, UploadJournal journal) {
        super(inner);
        this.journal = journal;
    }

    /**
     * {@inheritDoc}
     *
     * @throws StoreException.BodyFailed also if it could not be recorded; then nothing is stored
     */
    @Override
    public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
        return super.put(key, new RecordedBody(key, body, options.label(), journal), options);
    }

    @Override
    public void delete(Collection<String> keys) throws StoreException {
        super.delete(keys);
        try {
            journal.remove(keys);
        } catch (IOException e) {
            throw new StoreException.Unavailable(location(), "recording what was deleted at", e);
        }
    }

    /** Compares the size of an object, its start and its end, which costs three requests whatever its size. */
    public Recognised compareEnds(String key) throws IOException {
        List<Upload> recorded = journal.find(key);
        if (recorded.isEmpty()) {
            return Recognised.UNKNOWN;
        }
        Optional<Upload> found = match(recorded, read(key, new ByteRange(0, Digests.START)));
        if (found.isEmpty()) {
            return Recognised.UNKNOWN;
        }
        long size = stat(key).map(ObjectInfo::size).orElseThrow(() -> new StoreException.NotFound(location(), key));
        if (size != found.get().size()) {
            return Recognised.CHANGED;
        }
        Upload end = read(key, new ByteRange(Math.max(0, size - Digests.END), Digests.END));
        return end.end().equals(found.get().end()) ? same(found.get()) : Recognised.CHANGED;
    }

    /** Compares all of an object, by reading it. Memory does not depend on its size. */
    public Recognised compareWhole(String key) throws IOException {
        List<Upload> recorded = journal.find(key);
        if (recorded.isEmpty()) {
            return Recognised.UNKNOWN;
        }
        Upload there = read(key, ByteRange.ALL);
        Optional<Upload> found = match(recorded, there);
        if (found.isEmpty()) {
            return Recognised.UNKNOWN;
        }
        boolean isSame = found.get().whole().equals(there.whole());
        return isSame ? same(found.get()) : Recognised.CHANGED;
    }

    private static Optional<Upload> match(List<Upload> recorded, Upload there) {
        return recorded.stream()
                .filter(upload -> upload.start().equals(there.start()))
                .findFirst();
    }

    private static Recognised same(Upload upload) {
        return new Recognised(Match.SAME, upload.label());
    }

    private Upload read(String key, ByteRange range) throws IOException {
        Digests digests = new Digests();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = open(key, range)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digests.update(buffer, 0, count);
            }
        }
        return digests.upload(Optional.empty());
    }
}
