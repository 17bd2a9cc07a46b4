package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the engine asks of a store where every request is paid for, in a day of simulated time and with everything left at
 * its default. A day with a write a second is cut short; {@code -Drunnel.hours=24} has all of it.
 */
@Tag("slow")
final class RequestsOfADayTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** Of the day with a write a second; it has merges of all levels and the baseline of the day in it. */
    private static final Duration BUSY = Duration.ofHours(Integer.getInteger("runnel.hours", 3));

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final PagedListings pages = new PagedListings(memory);
    private final CountingStore store = new CountingStore(pages);
    private final ModelDatabase database =
            new ModelDatabase(new Random(Seeds.of("requests of a day")), ModelDatabase.LINEAGE, new PageSize(512), 1);

    enum Layout {
        LTX,
        GENERATIONS
    }

    @ParameterizedTest
    @EnumSource
    void oneWriteASecondCostsItsPutsAndUnderFivePercentMoreAndNothingIsFetched(Layout layout) throws Exception {
        SimulatedReplication engine = engine(layout);
        write(engine, Duration.ofHours(22), Duration.ofMinutes(1));
        reset();
        long before = database.newest();

        write(engine, BUSY, Duration.ofSeconds(1));

        long writes = database.newest() - before;
        long others = store.total() - store.count(StoreOperation.LIST) + pages.requests - writes;
        System.out.printf(
                "%s: %d hours of %d writes: %d PUT, %d DELETE, %d LIST of %d requests, %d GET, %d HEAD; %.2f %% more%n",
                layout,
                BUSY.toHours(),
                writes,
                store.count(StoreOperation.PUT),
                store.count(StoreOperation.DELETE),
                store.count(StoreOperation.LIST),
                pages.requests,
                store.count(StoreOperation.OPEN),
                store.count(StoreOperation.STAT),
                100.0 * others / writes);
        assertThat(writes).isEqualTo(BUSY.toSeconds());
        assertThat(store.count(StoreOperation.OPEN)).as("GET").isZero();
        assertThat(others).isLessThan(writes / 20);
        assertRestoresTheNewest(layout);
    }

    @ParameterizedTest
    @EnumSource
    void aDayWithoutAWriteCostsTwentyFourListingsAndNothingElse(Layout layout) throws Exception {
        SimulatedReplication engine = engine(layout);
        write(engine, Duration.ofMinutes(30), Duration.ofSeconds(1));
        engine.run(DAY.multipliedBy(3));
        reset();

        engine.run(DAY);

        assertOnlyListings();
        assertRestoresTheNewest(layout);
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseThatIsNeverWrittenCostsTwentyFourListingsFromTheFirstDayOn(Layout layout) throws Exception {
        SimulatedReplication engine = engine(layout);
        reset();

        engine.run(DAY);

        assertOnlyListings();
        assertRestoresTheNewest(layout);
    }

    @Test
    void filesOfEachLevelAreBounded() throws Exception {
        SimulatedReplication engine = engine(Layout.LTX);
        write(engine, Duration.ofHours(2), Duration.ofSeconds(1));
        try (Stream<ObjectInfo> single = memory.list(
                LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS).folders().getFirst(), Optional.empty())) {
            assertThat(single.count())
                    .isLessThanOrEqualTo(ListingIntervals.SELDOM.changing().toSeconds() + 6 * 60);
        }
    }

    private SimulatedReplication engine(Layout layout) throws Exception {
        return new SimulatedReplication(
                database, clock, ListingIntervals.SELDOM, DatabaseSpec.DEFAULT_LOG_LIMIT, () -> replica(layout, store));
    }

    private Replica replica(Layout layout, ObjectStore place) {
        CrashDisk disk = new CrashDisk(clock);
        return switch (layout) {
            case LTX ->
                new LtxReplica(
                        place,
                        LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS),
                        new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.at(disk, Path.of("/index"))),
                        LtxPolicy.DEFAULT,
                        clock);
            case GENERATIONS ->
                new GenerationsReplica(
                        place,
                        GenerationKeys.DEFAULT,
                        Scratch.at(disk, Path.of("/reading")),
                        Scratch.at(disk, Path.of("/writing")),
                        GenerationsPolicy.DEFAULT,
                        clock);
        };
    }

    private void write(SimulatedReplication engine, Duration length, Duration pause) throws Exception {
        for (long left = length.dividedBy(pause); left > 0; left--) {
            engine.run(pause);
            database.forgetBefore(engine.commit() - 1);
        }
    }

    private void reset() {
        store.reset();
        pages.requests = 0;
    }

    private void assertOnlyListings() {
        assertThat(pages.requests).as("LIST").isBetween(23L, 24L);
        assertThat(store.total()).as("requests").isEqualTo(store.count(StoreOperation.LIST));
    }

    private void assertRestoresTheNewest(Layout layout) throws IOException {
        CrashDisk disk = new CrashDisk(clock);
        Path output = Path.of("/restored.db");
        new Restorer(disk, clock, Entropy.system(), Executors::newFixedThreadPool)
                .restore(replica(layout, memory), new RestoreTarget.Latest(), output, RestoreOptions.DEFAULT);
        byte[] expected = database.content(database.newest());
        byte[] restored = new byte[expected.length + 1];
        try (DiskFile file = disk.openToRead(output)) {
            assertThat(file.read(ByteBuffer.wrap(restored), 0)).isEqualTo(expected.length);
        }
        assertThat(restored).startsWith(expected);
    }

    /** Counts what a listing costs where a request gives a thousand keys. */
    private static final class PagedListings extends ForwardingStore {
        private static final int KEYS_A_REQUEST = 1000;

        private long requests;

        PagedListings(ObjectStore inner) {
            super(inner);
        }

        @Override
        public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
            try (Stream<ObjectInfo> listing = super.list(prefix, after)) {
                List<ObjectInfo> found = listing.toList();
                requests += found.size() / KEYS_A_REQUEST + 1;
                return found.stream();
            }
        }
    }
}
