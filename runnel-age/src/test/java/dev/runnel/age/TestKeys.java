package dev.runnel.age;

import dev.runnel.store.ObjectStore;
import java.util.List;

/** Throw-away keys. */
final class TestKeys {
    static final Identity FIRST = Identity.generate();
    static final Identity SECOND = Identity.generate();

    /** Reads and writes with the first key alone. */
    static final AgeKeys ONE = new AgeKeys(List.of(FIRST), List.of(FIRST.recipient()));

    private TestKeys() {}

    static AgeStore encrypted(ObjectStore store) {
        return new AgeStore(store, ONE);
    }
}
