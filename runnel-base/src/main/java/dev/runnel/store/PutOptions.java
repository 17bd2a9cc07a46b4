package dev.runnel.store;

import java.time.Instant;
import java.util.Optional;

/**
 * How to store an object.
 *
 * @param time the object's own time, kept where the store can
 * @param existing what to do where the key is taken
 * @param label what the writer wants to know of the object without reading it; no store keeps it, only {@link UploadJournal}
 */
public record PutOptions(Optional<Instant> time, Existing existing, Optional<Label> label) {
    /** What becomes of an object that has the key already. */
    public enum Existing {
        REPLACE,
        KEEP_AND_FAIL
    }

    /** Sixteen bytes that mean something to the writer of an object only. */
    public record Label(long first, long second) {}

    public PutOptions(Optional<Instant> time, Existing existing) {
        this(time, existing, Optional.empty());
    }

    public static PutOptions onlyIfAbsent(Instant time) {
        return new PutOptions(Optional.of(time), Existing.KEEP_AND_FAIL);
    }

    public static PutOptions replace(Instant time) {
        return new PutOptions(Optional.of(time), Existing.REPLACE);
    }
}
