package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.RandomFaults;
import dev.runnel.engine.SimulatedReplication;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.Rounds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories in the {@code generations} layout under retention, faults of the store, power cuts, and a wall clock a day off:
 * each moment that is promised can be restored, and whatever restores is what was there.
 */
@Tag("slow")
final class GenerationsUpkeepPropertyTest {
    /** Two thirds of an hour take the place of a day. */
    private static final Duration RETENTION = Duration.ofMinutes(40);

    private static final GenerationsPolicy POLICY =
            new GenerationsPolicy(RETENTION, Optional.of(RETENTION), Duration.ofSeconds(1), AgeSource.TIME_PASSED);
    private static final ListingIntervals LOOKS =
            new ListingIntervals(Duration.ofSeconds(45), Duration.ofSeconds(45), Duration.ofSeconds(30));
    private static final Duration LENGTH = Duration.ofMinutes(100);
    private static final Duration STEP = Duration.ofSeconds(4);
    private static final int CALM = 250;

    /** The change log has room for some ten change sets at least. */
    private static final long SMALLEST_LOG = 16L << 10;

    private static final int LOG_SIZES = 6;

    /** Restoring every state would take longer than a test may. */
    private static final int STATES_A_RESTORE = 17;

    /** A change set that has no state of its own was shipped with others when trouble was over, within this. */
    private static final Duration LATE = RandomFaults.TROUBLE.multipliedBy(3).plus(LOOKS.changing());

    @TempDir
    Path folder;

    @Test
    void everyPromisedMomentRestoresAfterHoursOfFaults() throws Exception {
        Rounds.run("upkeep of generations", 3, seed -> round(new Random(seed), faults -> faults));
    }

    @Test
    void aStoreThatLiesTakesNothingAwayThatIsPromised() throws Exception {
        Rounds.run(
                "upkeep of generations at a store that lies",
                3,
                seed -> round(new Random(seed), RandomFaults::withLies));
    }

    private void round(Random random, UnaryOperator<RandomFaults> kind) throws Exception {
        SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        MemoryStore memory = new MemoryStore(clock);
        FaultyStore store = new FaultyStore(memory);
        ModelDatabase database = new ModelDatabase(random, ModelDatabase.LINEAGE, new PageSize(512));
        RandomFaults faults = kind.apply(new RandomFaults(random, clock, store, CALM));
        SimulatedReplication engine = new SimulatedReplication(
                database, clock, LOOKS, SMALLEST_LOG << random.nextInt(LOG_SIZES), () -> open(store, clock));
        NavigableMap<Long, Instant> committed = new TreeMap<>();
        committed.put(database.newest(), clock.reality());
        for (Instant end = clock.reality().plus(LENGTH); clock.reality().isBefore(end); ) {
            engine.run(Duration.ofMillis(1 + random.nextLong(2 * STEP.toMillis())));
            if (random.nextInt(3) > 0) {
                committed.put(engine.commit(), clock.reality());
            }
            faults.disturb(engine);
        }
        faults.heal();
        engine.run(LOOKS.changing().multipliedBy(3));
        check(open(memory, clock), database, committed, clock.reality());
    }

    /** What restores, restores to what was there; between any two states that do there is not more than a trouble took. */
    private static void check(
            GenerationsReplica replica, ModelDatabase database, NavigableMap<Long, Instant> committed, Instant now)
            throws IOException {
        assertRestores(replica, database, committed.lastKey());
        Instant restorable = now;
        for (Map.Entry<Long, Instant> commit : committed.descendingMap().entrySet()) {
            if (isRestorable(replica, commit.getKey())) {
                restorable = commit.getValue();
                if (commit.getKey() % STATES_A_RESTORE == 0) {
                    assertRestores(replica, database, commit.getKey());
                }
            }
            if (restorable.isBefore(now.minus(RETENTION))) {
                return;
            }
            assertThat(Duration.between(commit.getValue(), restorable))
                    .as("from TXID %d on", commit.getKey())
                    .isLessThan(LATE);
        }
    }

    private static void assertRestores(GenerationsReplica replica, ModelDatabase database, long txid)
            throws IOException {
        assertThat(Generations.restore(replica, new RestoreTarget.AtTxid(new Txid(txid))))
                .as("TXID %d", txid)
                .isEqualTo(database.content(txid));
    }

    private static boolean isRestorable(GenerationsReplica replica, long txid) throws IOException {
        try {
            replica.plan(new RestoreTarget.AtTxid(new Txid(txid)));
            return true;
        } catch (ReplicaException.NotReachable _) {
            return false;
        }
    }

    private GenerationsReplica open(ObjectStore store, SimulatedClock clock) {
        return Generations.open(store, folder, POLICY, clock);
    }
}
