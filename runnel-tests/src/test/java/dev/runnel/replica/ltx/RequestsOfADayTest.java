package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.Looks;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replica at a store where every request is paid for costs a day, with everything left at its default. */
final class RequestsOfADayTest {
    /** What a listing gives at once, as object stores do. */
    private static final int KEYS_A_REQUEST = 1000;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final CountingStore store = new CountingStore(memory);
    private final CounterDatabase database = new CounterDatabase();
    private final ModelReplicator replicator =
            new ModelReplicator(store, database, clock, LtxPolicy.DEFAULT, Looks.SELDOM.changing());
    private long listed;

    @BeforeEach
    void startADayBefore() throws IOException {
        database.commitAt(clock.now());
        replicator.step();
    }

    @Test
    void oneWriteASecondCostsItsPutsAndUnderFivePercentMoreAndNothingIsFetched() throws IOException {
        run(Duration.ofHours(2), Duration.ofSeconds(1));
        store.reset();
        listed = 0;
        long before = database.newest();

        run(Duration.ofDays(1), Duration.ofSeconds(1));

        long writes = database.newest() - before;
        long others = store.total() - store.count(StoreOperation.LIST) + listed - writes;
        System.out.printf(
                "a day of %d writes: %d PUT, %d DELETE, %d LIST of %d requests, %d GET, %d HEAD; %.2f %% more%n",
                writes,
                store.count(StoreOperation.PUT),
                store.count(StoreOperation.DELETE),
                store.count(StoreOperation.LIST),
                listed,
                store.count(StoreOperation.OPEN),
                store.count(StoreOperation.STAT),
                100.0 * others / writes);
        assertThat(store.count(StoreOperation.OPEN)).as("GET").isZero();
        assertThat(others).isLessThan(writes / 20);
        assertRestoresTheNewest();
    }

    @Test
    void idleDayCostsTwentyFourListingsAndNothingElse() throws IOException {
        run(Duration.ofHours(2), Duration.ofSeconds(1));
        runIdle(Duration.ofDays(3));
        store.reset();

        runIdle(Duration.ofDays(1));

        assertThat(store.count(StoreOperation.LIST)).isBetween(23L, 24L);
        assertThat(store.total()).isEqualTo(store.count(StoreOperation.LIST));
        assertRestoresTheNewest();
    }

    @Test
    void filesOfEachLevelAreBounded() throws IOException {
        run(Duration.ofHours(4), Duration.ofSeconds(1));
        long single = Replicas.objects(memory).stream()
                .filter(object -> object.key().startsWith("ltx/0/"))
                .count();
        assertThat(single).isLessThanOrEqualTo(Looks.SELDOM.changing().toSeconds() + 6 * 60);
    }

    private void run(Duration length, Duration pause) throws IOException {
        for (long left = length.dividedBy(pause); left > 0; left--) {
            clock.advance(pause);
            database.commitAt(clock.now());
            step();
            replicator.trimLog(replicator.settled());
        }
    }

    private void runIdle(Duration length) throws IOException {
        for (long left = length.toSeconds() / 10; left > 0; left--) {
            clock.advance(Duration.ofSeconds(10));
            step();
        }
    }

    private void step() throws IOException {
        long listings = store.count(StoreOperation.LIST);
        replicator.step();
        if (store.count(StoreOperation.LIST) > listings) {
            listed += Replicas.objects(memory).size() / KEYS_A_REQUEST + 1;
        }
    }

    private void assertRestoresTheNewest() throws IOException {
        byte[] restored = Replicas.restore(
                memory, Replicas.open(memory).plan(new RestoreTarget.AtTxid(new Txid(database.newest()))));
        assertThat(ByteBuffer.wrap(restored).getLong()).isEqualTo(database.newest());
    }
}
