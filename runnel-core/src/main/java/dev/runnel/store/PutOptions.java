package dev.runnel.store;

import java.time.Instant;
import java.util.Optional;

/**
 * How to store an object.
 *
 * @param time the object's own time, kept where the store can
 * @param existing what to do where the key is taken
 */
public record PutOptions(Optional<Instant> time, Existing existing) {
    /** What becomes of an object that has the key already. */
    public enum Existing {
        REPLACE,
        KEEP_AND_FAIL
    }

    public static PutOptions onlyIfAbsent(Instant time) {
        return new PutOptions(Optional.of(time), Existing.KEEP_AND_FAIL);
    }

    public static PutOptions replace(Instant time) {
        return new PutOptions(Optional.of(time), Existing.REPLACE);
    }
}
