package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.store.ObjectInfo;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How objects are listed and deleted. */
interface ListingContract extends StoreTraits {
    /** More than any service lists or deletes in one request. */
    int MANY = 1100;

    @Test
    default void putTellsKeySizeAndTimeAndSoDoStatAndList() throws IOException {
        StoreProbe store = newProbe();
        ObjectInfo stored = store.put(KEY, "content");

        assertThat(stored.key()).isEqualTo(KEY);
        assertThat(stored.size()).isEqualTo(7);
        assertTime(stored, TIME);
        assertThat(store.stat(KEY)).contains(stored);
        assertListed(store, stored);
    }

    @Test
    default void deletedObjectIsGone() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "content");
        store.put("ltx/0/other", "content");
        store.delete(List.of(KEY));
        assertThat(store.stat(KEY)).isEmpty();
        assertThat(store.keys("")).containsExactly("ltx/0/other");
    }

    @Test
    default void deletingWhatIsNotThereIsFine() throws IOException {
        StoreProbe store = newProbe();
        store.put("ltx/0/other", "content");
        store.delete(List.of(KEY));
        store.delete(List.of(KEY, "ltx/0/other", "never/there", "ltx", "ltx/0"));
        store.delete(List.of());
        assertThat(store.keys("")).isEmpty();
    }

    @Test
    default void deletingAFolderOfObjectsDeletesNone() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "content");
        store.delete(List.of("ltx", "ltx/0"));
        assertThat(store.keys("")).containsExactly(KEY);
    }

    @Test
    default void i21MoreObjectsThanOneListingHoldsAreListedOnceEachAndDeleted() throws Exception {
        StoreProbe store = newProbe();
        List<String> keys = store.putMany(MANY);
        assertThat(store.keys("")).containsExactlyElementsOf(keys);
        assertThat(store.keys("many/00")).containsExactlyElementsOf(keys.subList(0, 100));
        assertThat(store.keysAfter("many/", keys.get(499))).containsExactlyElementsOf(keys.subList(500, MANY));
        store.delete(keys.subList(0, MANY - 1));
        assertThat(store.keys("")).containsExactly(keys.getLast());
    }

    @Test
    default void listingMayBeClosedBeforeItsEnd() throws Exception {
        StoreProbe store = newProbe();
        store.putMany(MANY);
        try (Stream<ObjectInfo> listing = store.store().list("many/", Optional.empty())) {
            assertThat(listing.limit(3)).hasSize(3);
        }
    }

    @Test
    default void prefixIsTextAndNotAFolder() throws IOException {
        StoreProbe store = newProbe();
        for (String key : List.of("a/1", "a/10", "a/2", "ab/1", "b/1")) {
            store.put(key, key);
        }
        assertThat(store.keys("a")).containsExactly("a/1", "a/10", "a/2", "ab/1");
        assertThat(store.keys("a/")).containsExactly("a/1", "a/10", "a/2");
        assertThat(store.keys("a/1")).containsExactly("a/1", "a/10");
        assertThat(store.keys("ab/1")).containsExactly("ab/1");
        assertThat(store.keys("c")).isEmpty();
        assertThat(store.keys("a/b/c/")).isEmpty();
    }

    @Test
    default void listingStartsAfterAKeyThatNeedNotBeThere() throws IOException {
        StoreProbe store = newProbe();
        for (String key : List.of("a/1", "a/3", "a/5")) {
            store.put(key, key);
        }
        assertThat(store.keysAfter("a/", "a/1")).containsExactly("a/3", "a/5");
        assertThat(store.keysAfter("a/", "a/2")).containsExactly("a/3", "a/5");
        assertThat(store.keysAfter("a/", "a/5")).isEmpty();
        assertThat(store.keysAfter("a/", "a/")).containsExactly("a/1", "a/3", "a/5");
        assertThat(store.keysAfter("a/", "Z")).containsExactly("a/1", "a/3", "a/5");
        assertThat(store.keysAfter("a/", "b")).isEmpty();
    }
}
