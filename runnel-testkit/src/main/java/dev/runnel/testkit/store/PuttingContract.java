package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How objects come to be: whole or not at all, once or again. */
interface PuttingContract extends StoreTraits {
    @Test
    default void putThenOpenGivesTheSameBytes() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "content");
        assertThat(store.read(KEY)).isEqualTo("content");
    }

    @Test
    default void putAgainReplacesContentSizeAndTime() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "a longer first content");
        Instant later = TIME.plus(3, ChronoUnit.DAYS);
        ObjectInfo stored = store.put(KEY, Bodies.of("second"), PutOptions.replace(later));

        assertThat(store.read(KEY)).isEqualTo("second");
        assertThat(stored.size()).isEqualTo(6);
        assertTime(stored, later);
        assertThat(store.keys("")).containsExactly(KEY);
    }

    @Test
    default void i16PutIfAbsentTakesAFreeKeyAndKeepsATakenOne() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, Bodies.of("first"), IF_ABSENT);

        assertThatExceptionOfType(StoreException.Exists.class)
                .isThrownBy(() -> store.put(KEY, Bodies.of("second"), IF_ABSENT))
                .withMessageContaining(KEY)
                .withMessageContaining(store.location());
        assertThat(store.read(KEY)).isEqualTo("first");
        assertThat(store.keys("")).containsExactly(KEY);
    }

    @Test
    default void putIfAbsentTakesAKeyThatWasDeleted() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, "first");
        store.delete(List.of(KEY));
        store.put(KEY, Bodies.of("second"), IF_ABSENT);
        assertThat(store.read(KEY)).isEqualTo("second");
    }

    @Test
    default void i23OfManyPutsIfAbsentExactlyOneWins() throws Exception {
        StoreProbe store = newProbe();
        int writers = 8;
        List<String> won = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<Optional<String>>> attempts = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> putIfAbsent(store, "writer " + writer)))
                    .toList();
            for (Future<Optional<String>> attempt : attempts) {
                attempt.get().ifPresent(won::add);
            }
        }
        assertThat(won).hasSize(1).containsExactly(store.read(KEY));
        assertThat(store.keys("")).containsExactly(KEY);
    }

    private static Optional<String> putIfAbsent(StoreProbe store, String content) throws StoreException {
        try {
            store.put(KEY, Bodies.of(content), IF_ABSENT);
            return Optional.of(content);
        } catch (StoreException.Exists e) {
            return Optional.empty();
        }
    }

    @Test
    default void i16BodyThatFailsHalfWayLeavesNothing() throws IOException {
        StoreProbe store = newProbe();
        IOException fault = new IOException("source is gone");
        for (PutOptions options : List.of(REPLACE, IF_ABSENT)) {
            Body failing = Bodies.failing(new byte[300_000], 200_000, fault);
            assertThatExceptionOfType(StoreException.BodyFailed.class)
                    .isThrownBy(() -> store.put(KEY, failing, options))
                    .satisfies(e -> assertThat(e.fault()).isSameAs(fault))
                    .withMessageContaining(KEY);
            store.assertNothingThere(KEY);
        }
        store.put(KEY, "then it works");
        assertThat(store.read(KEY)).isEqualTo("then it works");
    }

    @Test
    default void i16BodyThatFailsLeavesTheObjectThatWasThere() throws IOException {
        StoreProbe store = newProbe();
        ObjectInfo before = store.put(KEY, "first");
        Body failing = Bodies.failing(new byte[300_000], 200_000, new IOException("source is gone"));

        assertThatExceptionOfType(StoreException.BodyFailed.class).isThrownBy(() -> store.put(KEY, failing, REPLACE));
        assertThat(store.read(KEY)).isEqualTo("first");
        assertListed(store, before);
    }

    @Test
    default void i16BodyThatThrowsUncheckedLeavesNothing() throws IOException {
        StoreProbe store = newProbe();
        Body failing = Bodies.written(out -> {
            out.write(new byte[100_000]);
            throw new IllegalStateException("bug");
        });
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> store.put(KEY, failing, REPLACE));
        store.assertNothingThere(KEY);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4, 6, 1 << 20})
    default void i16BodyOfAnotherLengthThanItClaimsLeavesNothing(long claimed) throws IOException {
        StoreProbe store = newProbe();
        Body lying = Bodies.of(OptionalLong.of(claimed), out -> out.write(new byte[5]));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.put(KEY, lying, REPLACE));
        store.assertNothingThere(KEY);
    }

    @Test
    default void i16ObjectInTheMakingIsNotThereYet() throws IOException {
        StoreProbe store = newProbe();
        Body slow = Bodies.written(out -> {
            out.write(new byte[200_000]);
            out.flush();
            store.assertNothingThere(KEY);
        });
        store.put(KEY, slow, IF_ABSENT);
        assertThat(store.keys("")).containsExactly(KEY);
    }

    @Test
    default void bodyOfUnknownLengthIsStored() throws IOException {
        StoreProbe store = newProbe();
        store.put(KEY, Bodies.written(out -> out.write("of any length".getBytes(StandardCharsets.UTF_8))), REPLACE);
        assertThat(store.read(KEY)).isEqualTo("of any length");
    }

    @Test
    default void bodyWrittenByteByByteIsStored() throws IOException {
        StoreProbe store = newProbe();
        byte[] content = StoreTraits.randomBytes(150_000);
        store.put(
                KEY,
                Bodies.written(out -> {
                    for (byte octet : content) {
                        out.write(octet);
                    }
                }),
                REPLACE);
        assertThat(store.readBytes(KEY, ByteRange.ALL)).isEqualTo(content);
    }

    @Test
    default void putWithoutATimeHasATime() throws IOException {
        StoreProbe store = newProbe();
        Instant before = Instant.now().minus(1, ChronoUnit.HOURS);
        ObjectInfo stored =
                store.put(KEY, Bodies.of("content"), new PutOptions(Optional.empty(), PutOptions.Existing.REPLACE));
        assertThat(stored.time()).isBetween(before, before.plus(2, ChronoUnit.HOURS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1980-01-01T00:00:00Z", "2000-02-29T23:59:59.999999999Z", "2037-12-31T00:00:00.001Z"})
    default void objectKeepsItsTime(String time) throws IOException {
        StoreProbe store = newProbe();
        assertTime(store.put(KEY, Bodies.of("content"), PutOptions.replace(Instant.parse(time))), Instant.parse(time));
        assertTime(store.stat(KEY).orElseThrow(), Instant.parse(time));
    }
}
