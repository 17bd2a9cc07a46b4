package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.TxidAges;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a removal that failed is tried again. */
final class RemovalRetryTest {
    private static final LtxPolicy POLICY = new LtxPolicy(
            Duration.ofDays(1),
            Optional.of(Duration.ofDays(1)),
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofHours(1),
            List.of(Duration.ofSeconds(30)),
            AgeSource.TIME_PASSED);
    private static final long NEWEST = 5;

    /** The pause after the first failure is over by then. */
    private static final Duration PAUSE = Duration.ofSeconds(20);

    @Test
    void i28ARemovalThatFailedIsTriedAgainAfterItsPauseHoweverSeldomRemovalIsDue() throws IOException {
        SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        FaultyStore store = new FaultyStore(new MemoryStore(clock));
        TxidAges ages = new TxidAges(clock);
        LocalChanges local = new NothingLocal(ages, Scratch.at(new CrashDisk(clock), Path.of("/merge")));
        LtxReplica replica = replicaWithChangeSets(store, clock);
        ages.seen(new Txid(NEWEST));
        clock.advance(Duration.ofMinutes(10));
        store.inject(Fault.once(StoreOperation.DELETE, Moment.BEFORE, 1));

        replica.position();
        assertThat(replica.maintain(local).failures()).hasSize(1);
        clock.advance(PAUSE);
        replica.position();
        assertThat(replica.maintain(local).failures()).isEmpty();
        assertThat(store.stat(Replicas.key(0, 2, 2))).isEmpty();
    }

    private static LtxReplica replicaWithChangeSets(FaultyStore store, SimulatedClock clock) throws IOException {
        ModelDatabase database = new ModelDatabase(new Random(1));
        LtxReplica replica = Replicas.open(store, POLICY, clock);
        replica.position();
        database.commitAt(clock.now());
        replica.baseline(database.image(1));
        while (database.newest() < NEWEST) {
            replica.append(database.changes(database.commitAt(clock.now())));
        }
        return replica;
    }
}
