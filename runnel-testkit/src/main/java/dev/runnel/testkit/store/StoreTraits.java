package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** The store that a contract is about, and how far it goes where stores differ. */
interface StoreTraits {
    Instant TIME = Instant.parse("2023-11-14T22:13:20.123456789Z");
    PutOptions REPLACE = PutOptions.replace(TIME);
    PutOptions IF_ABSENT = PutOptions.onlyIfAbsent(TIME);
    String KEY = "ltx/0/0000000000000001-0000000000000001.ltx";

    /** A store that holds nothing. Called once for each test. */
    ObjectStore emptyStore() throws IOException;

    /** How exactly the store keeps the time of an object. */
    default Duration timePrecision() {
        return Duration.ofNanos(1);
    }

    /** Keys beyond the plain ones that this store takes. */
    default List<String> oddKeys() {
        return List.of(
                "with space",
                " leading and trailing ",
                "percent%20sign",
                "plus+and&ampersand=equals",
                "quote'and\"double",
                "semi;colon:at@hash#question?",
                "back\\slash",
                "star*pipe|less<more>",
                "tilde~dollar$paren()[]{}",
                "ümläut/日本語/🦊",
                ".hidden/.file",
                "..two.dots..",
                "-dash",
                "a.tmp/b",
                "a.tmpx",
                "line\nbreak",
                "x".repeat(200));
    }

    /** The size of the largest object that the contract puts, in bytes. */
    default long largeObjectSize() {
        return 64L << 20;
    }

    default StoreProbe newProbe() throws IOException {
        StoreProbe probe = new StoreProbe(emptyStore());
        assertThat(probe.keys("")).as("what a new store holds").isEmpty();
        return probe;
    }

    default void assertTime(ObjectInfo object, Instant expected) {
        assertThat(Duration.between(object.time(), expected).abs())
                .as("%s for %s", object.time(), expected)
                .isLessThan(timePrecision());
    }

    static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
