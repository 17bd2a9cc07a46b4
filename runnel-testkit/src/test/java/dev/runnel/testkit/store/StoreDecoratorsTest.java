package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.MeteredStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.RateLimits;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.ResumingStore;
import dev.runnel.store.RetryLimits;
import dev.runnel.store.RetryingStore;
import dev.runnel.store.StoreException;
import dev.runnel.store.StoreUsage;
import dev.runnel.store.ThrottledStore;
import dev.runnel.store.UploadJournal;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Metering, trying again, going on, and throttling: each a store itself, and what each adds. */
final class StoreDecoratorsTest implements ObjectStoreContract {
    private static final RateLimits FAST = new RateLimits(OptionalLong.of(1_000_000), OptionalLong.of(1L << 40));

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final HandClock clock = new HandClock();
    private final FaultyStore faulty = new FaultyStore(memory);
    private final RetryingStore retrying = retrying(faulty);
    private final MeteredStore metered = new MeteredStore(faulty, clock);

    @Override
    public ObjectStore emptyStore() {
        faulty.shortReads(1000);
        ObjectStore throttled = new ThrottledStore(metered, FAST, clock);
        return new ResumingStore(retrying(throttled), RetryLimits.LONG, clock, Entropy.system());
    }

    private RetryingStore retrying(ObjectStore inner) {
        return new RetryingStore(inner, RetryLimits.SHORT, clock, Entropy.system());
    }

    @Test
    void eachForwardsEveryMethod() throws Exception {
        DecoratorContract.assertForwardsEveryMethod(inner -> new MeteredStore(inner, clock));
        DecoratorContract.assertForwardsEveryMethod(this::retrying);
        DecoratorContract.assertForwardsEveryMethod(
                inner -> new ResumingStore(inner, RetryLimits.SHORT, clock, Entropy.system()));
        DecoratorContract.assertForwardsEveryMethod(inner -> new ThrottledStore(inner, FAST, clock));
        UploadJournal journal = new UploadJournal(new CrashDisk(clock), Path.of("/uploads"));
        DecoratorContract.assertForwardsEveryMethod(inner -> new RecordingStore(inner, journal));
    }

    @Test
    void meterTellsRequestsErrorsAndBytesByOperation() throws IOException {
        metered.put("a", Bodies.of("content"), REPLACE);
        read(metered, "a");
        metered.stat("a");
        metered.stat("b");
        metered.list("", Optional.empty()).close();
        metered.delete(List.of("a"));
        assertThatExceptionOfType(StoreException.NotFound.class).isThrownBy(() -> read(metered, "a"));
        StoreUsage usage = metered.usage();
        assertThat(usage.put()).isEqualTo(new StoreUsage.Operation(1, 0, 7, Duration.ZERO));
        assertThat(usage.open()).isEqualTo(new StoreUsage.Operation(2, 1, 7, Duration.ZERO));
        assertThat(usage.stat()).isEqualTo(new StoreUsage.Operation(2, 0, 0, Duration.ZERO));
        assertThat(usage.list()).isEqualTo(new StoreUsage.Operation(1, 0, 0, Duration.ZERO));
        assertThat(usage.delete()).isEqualTo(new StoreUsage.Operation(1, 0, 0, Duration.ZERO));
        assertThat(usage.total()).isEqualTo(new StoreUsage.Operation(7, 1, 14, Duration.ZERO));
    }

    @Test
    void meterTellsTheTimeOfAnOperation() throws IOException {
        MeteredStore slow = new MeteredStore(
                new ThrottledStore(memory, new RateLimits(OptionalLong.empty(), OptionalLong.of(1000)), clock), clock);
        slow.put("a", Bodies.of(new byte[6000]), REPLACE);
        assertThat(slow.usage().put().time()).isEqualTo(Duration.ofSeconds(5));
        assertThat(slow.usage().stat().time()).isZero();
    }

    @ParameterizedTest
    @EnumSource(StoreOperation.class)
    void operationThatFailsForAMomentIsTriedAgain(StoreOperation operation) throws IOException {
        memory.put(KEY, Bodies.of("before"), REPLACE);
        faulty.inject(new Fault(Set.of(operation), Moment.BEFORE, 1, 3));
        run(operation);
        assertThat(faulty.hasFailed()).isTrue();
        assertThat(clock.passed()).isBetween(Duration.ofMillis(350), Duration.ofMillis(700));
    }

    @ParameterizedTest
    @EnumSource(StoreOperation.class)
    void operationThatKeepsFailingIsGivenUpWithinItsBudget(StoreOperation operation) throws IOException {
        memory.put(KEY, Bodies.of("before"), REPLACE);
        faulty.inject(Fault.always(operation, Moment.BEFORE));
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(() -> run(operation));
        assertThat(clock.passed()).isLessThan(RetryLimits.SHORT.budget());
    }

    private void run(StoreOperation operation) throws IOException {
        switch (operation) {
            case LIST -> {
                try (Stream<ObjectInfo> listing = retrying.list("", Optional.empty())) {
                    assertThat(listing).hasSize(1);
                }
            }
            case OPEN -> assertThat(read(retrying, KEY)).isEqualTo("before");
            case STAT -> assertThat(retrying.stat(KEY)).isPresent();
            case PUT -> {
                retrying.put(KEY, Bodies.of("after"), REPLACE);
                assertThat(read(memory, KEY)).isEqualTo("after");
            }
            case DELETE -> {
                retrying.delete(List.of(KEY));
                assertThat(memory.stat(KEY)).isEmpty();
            }
        }
    }

    @Test
    void listingThatBreaksOffIsReadAgainFromItsStart() throws IOException {
        for (int i = 0; i < 10; i++) {
            memory.put("a/" + i, Bodies.of("x"), REPLACE);
        }
        faulty.inject(Fault.once(StoreOperation.LIST, Moment.DURING, 1));
        try (Stream<ObjectInfo> listing = retrying.list("a/", Optional.empty())) {
            assertThat(listing).hasSize(10);
        }
        assertThat(faulty.hasFailed()).isTrue();
    }

    @Test
    void whatIsNotForWantOfTheStoreIsNotTriedAgain() throws IOException {
        memory.put(KEY, Bodies.of("before"), REPLACE);
        CountingStore counting = new CountingStore(memory);
        RetryingStore store = retrying(counting);
        assertThatExceptionOfType(StoreException.NotFound.class).isThrownBy(() -> read(store, "none"));
        assertThatExceptionOfType(StoreException.Exists.class)
                .isThrownBy(() -> store.put(KEY, Bodies.of("x"), PutOptions.onlyIfAbsent(Instant.EPOCH)));
        assertThatExceptionOfType(StoreException.BodyFailed.class)
                .isThrownBy(() -> store.put(KEY, Bodies.failing(new byte[9], 5, new IOException("gone")), REPLACE));
        assertThat(counting.total()).isEqualTo(3);
        assertThat(clock.passed()).isZero();
    }

    @Test
    void readingGoesOnWhereTheConnectionWasLost() throws IOException {
        byte[] content = StoreTraits.randomBytes(100_000);
        memory.put(KEY, Bodies.of(content), REPLACE);
        CountingStore counting = new CountingStore(memory);
        FaultyStore breaking = new FaultyStore(counting);
        breaking.inject(new Fault(Set.of(StoreOperation.OPEN), Moment.DURING, 1, 9));
        ResumingStore store = new ResumingStore(breaking, RetryLimits.LONG, clock, Entropy.system());
        try (InputStream in = store.open(KEY, new ByteRange(10, 90_000))) {
            assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(content, 10, 90_010));
        }
        assertThat(counting.count(StoreOperation.OPEN)).isEqualTo(10);
        assertThat(counting.bytesRead()).isEqualTo(90_000);
    }

    @Test
    void readingThatGetsNowhereIsGivenUp() throws IOException {
        memory.put(KEY, Bodies.of("content"), REPLACE);
        ResumingStore store = new ResumingStore(faulty, RetryLimits.SHORT, clock, Entropy.system());
        try (InputStream in = store.open(KEY, ByteRange.ALL)) {
            faulty.inject(Fault.always(StoreOperation.OPEN, Moment.BEFORE));
            assertThat(in.readAllBytes()).asString().isEqualTo("content");
        }
        faulty.inject(Fault.once(StoreOperation.OPEN, Moment.DURING, 1));
        try (InputStream in = store.open(KEY, ByteRange.ALL)) {
            faulty.inject(Fault.always(StoreOperation.OPEN, Moment.BEFORE));
            assertThat(in.read()).isEqualTo('c');
            assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(in::readAllBytes);
        }
        assertThat(clock.passed()).isPositive().isLessThan(RetryLimits.SHORT.budget());
    }

    @Test
    void requestsPassAtTheirRateAfterABurstOfOneSecond() throws IOException {
        ThrottledStore store =
                new ThrottledStore(memory, new RateLimits(OptionalLong.of(10), OptionalLong.empty()), clock);
        for (int i = 0; i < 10; i++) {
            store.stat(KEY);
        }
        assertThat(clock.passed()).isZero();
        for (int i = 0; i < 100; i++) {
            store.stat(KEY);
        }
        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(10));
        clock.sleep(Duration.ofMinutes(1));
        for (int i = 0; i < 20; i++) {
            store.delete(List.of());
        }
        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(71));
    }

    @Test
    void bytesOfBothDirectionsPassAtTheirRate() throws IOException {
        ThrottledStore store =
                new ThrottledStore(memory, new RateLimits(OptionalLong.empty(), OptionalLong.of(1000)), clock);
        store.put(KEY, Bodies.of(new byte[5000]), REPLACE);
        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(4));
        read(store, KEY);
        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(9));
    }

    private static String read(ObjectStore store, String key) throws IOException {
        return new StoreProbe(store).read(key);
    }
}
