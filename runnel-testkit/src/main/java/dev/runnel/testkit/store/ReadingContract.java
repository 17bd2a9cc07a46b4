package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How objects are found and read, by key and by range, whatever the key and the size. */
interface ReadingContract extends StoreTraits {
    @Test
    default void emptyObjectIsAnObject() throws IOException {
        StoreProbe store = newProbe();
        ObjectInfo stored = store.put(KEY, "");
        assertThat(stored.size()).isZero();
        assertThat(store.read(KEY)).isEmpty();
        assertThat(store.readBytes(KEY, new ByteRange(0, 10))).isEmpty();
        assertListed(store, stored);
    }

    @Test
    default void openGivesTheRangeThatIsAskedFor() throws IOException {
        StoreProbe store = newProbe();
        byte[] content = StoreTraits.randomBytes(200_000);
        store.put(KEY, Bodies.of(content), REPLACE);
        long[][] ranges = {{0, 1}, {0, 200_000}, {1, 199_999}, {65_535, 2}, {199_999, 1}, {100, 0}, {70_000, 100_000}};
        for (long[] range : ranges) {
            assertThat(store.readBytes(KEY, new ByteRange(range[0], range[1])))
                    .as("%d bytes from %d", range[1], range[0])
                    .isEqualTo(Arrays.copyOfRange(content, (int) range[0], (int) (range[0] + range[1])));
        }
    }

    @Test
    default void rangeThatReachesBeyondTheEndGivesWhatIsThere() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "0123456789");
        assertThat(store.readBytes(KEY, new ByteRange(8, 100))).asString().isEqualTo("89");
        assertThat(store.readBytes(KEY, new ByteRange(3, Long.MAX_VALUE)))
                .asString()
                .isEqualTo("3456789");
        assertThat(store.readBytes(KEY, new ByteRange(10, 5))).isEmpty();
        assertThat(store.readBytes(KEY, new ByteRange(1L << 40, 5))).isEmpty();
    }

    @Test
    default void openStreamsAreIndependent() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "0123456789");
        try (InputStream first = store.open(KEY, ByteRange.ALL);
                InputStream second = store.open(KEY, new ByteRange(5, 5))) {
            assertThat(first.readNBytes(4)).asString().isEqualTo("0123");
            assertThat(second.readAllBytes()).asString().isEqualTo("56789");
            assertThat(first.readAllBytes()).asString().isEqualTo("456789");
            assertThat(first.read()).isEqualTo(-1);
        }
    }

    @Test
    default void objectReplacedWhileItIsReadGivesOneOrTheOther() throws IOException {
        StoreProbe store = newProbe();
        byte[] old = StoreTraits.randomBytes(300_000);
        store.put(KEY, Bodies.of(old), REPLACE);
        try (InputStream reader = store.open(KEY, ByteRange.ALL)) {
            byte[] start = reader.readNBytes(10);
            store.put(KEY, Bodies.of(new byte[300_000]), REPLACE);
            assertThat(start).isEqualTo(Arrays.copyOf(old, 10));
            assertThat(reader.readAllBytes()).isEqualTo(Arrays.copyOfRange(old, 10, old.length));
        }
    }

    @Test
    default void openingWhatIsNotThereNamesIt() throws IOException {
        StoreProbe store = newProbe();
        store.put("ltx/0/other", "content");
        for (String key : List.of(KEY, "ltx", "ltx/0", "ltx/0/othe", "ltx/0/other2")) {
            assertThatExceptionOfType(StoreException.NotFound.class)
                    .isThrownBy(() -> store.open(key, ByteRange.ALL).close())
                    .withMessageContaining(key)
                    .withMessageContaining(store.location());
            assertThat(store.stat(key)).isEmpty();
        }
    }

    @Test
    default void oddKeysAreKeptAsTheyAre() throws IOException {
        StoreProbe store = newProbe();
        for (String key : oddKeys()) {
            String content = "content of " + key;
            store.put(key, content);
            assertThat(store.read(key)).isEqualTo(content);
            assertThat(store.stat(key)).as(key).isPresent();
            assertThat(store.keys(key)).containsExactly(key);
        }
        assertThat(store.keys("")).containsExactlyInAnyOrderElementsOf(oddKeys());
        store.delete(oddKeys());
        assertThat(store.keys("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a/..", "a.tmp", "b/.tmp", "a\0b"
            })
    default void keysThatAreNoneAreRefused(String key) throws IOException {
        StoreProbe store = newProbe();
        assertThatIllegalArgumentException().isThrownBy(() -> store.put(key, Bodies.of("content"), REPLACE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.open(key, ByteRange.ALL).close());
        assertThatIllegalArgumentException().isThrownBy(() -> store.stat(key));
        assertThatIllegalArgumentException().isThrownBy(() -> store.delete(List.of(key)));
    }

    @Test
    default void largeObjectIsStreamedBothWays() throws IOException {
        StoreProbe store = newProbe();
        long size = largeObjectSize();
        ObjectInfo stored = store.put(KEY, Bodies.random(size, 7), REPLACE);

        assertThat(stored.size()).isEqualTo(size);
        try (InputStream content = store.open(KEY, ByteRange.ALL)) {
            Bodies.random(size, 7).writeTo(new ComparingOutput(content));
            assertThat(content.read()).isEqualTo(-1);
        }
        assertThat(store.readBytes(KEY, new ByteRange(size - 5, 100))).hasSize(5);
    }

    @Test
    default void locationSaysWhereItIs() throws IOException {
        StoreProbe store = newProbe();
        assertThat(store.location()).isNotBlank().isEqualTo(store.location());
    }
}
