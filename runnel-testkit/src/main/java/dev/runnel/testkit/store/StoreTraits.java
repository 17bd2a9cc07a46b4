package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

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

    /** Which time of an object a listing shows; {@code stat} always shows its own. */
    enum ListedTime {
        OWN,
        OF_UPLOAD
    }

    default ListedTime listedTime() {
        return ListedTime.OWN;
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

    /** A listing has these objects, in any order. */
    default void assertListed(StoreProbe store, ObjectInfo... stored) throws StoreException {
        List<ObjectInfo> listed = store.list("", Optional.empty());
        if (listedTime() == ListedTime.OWN) {
            assertThat(listed).containsExactlyInAnyOrder(stored);
            return;
        }
        assertThat(listed)
                .extracting(ObjectInfo::key, ObjectInfo::size)
                .containsExactlyInAnyOrderElementsOf(Stream.of(stored)
                        .map(one -> tuple(one.key(), one.size()))
                        .toList());
        assertThat(listed)
                .allSatisfy(one -> assertThat(one.time()).isCloseTo(Instant.now(), within(1, ChronoUnit.HOURS)));
    }

    static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
