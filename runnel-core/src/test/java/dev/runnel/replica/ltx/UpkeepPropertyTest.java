package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.RandomFaults;
import dev.runnel.engine.SimulatedReplication;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.Rounds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Histories under merging, retention, faults of the store, restarts, and a wall clock that is set a day ahead and back.
 * Whatever was done, each moment that is promised can be restored, as closely as it is promised, nothing is there that
 * does not restore to what it says, and the layout is such that Litestream goes on with it.
 */
@Tag("slow")
final class UpkeepPropertyTest {
    /** Two thirds of an hour take the place of a day. */
    private static final Scale SHORT = new Scale(
            new LtxPolicy(
                    Duration.ofMinutes(40),
                    Optional.of(Duration.ofMinutes(40)),
                    Optional.of(Duration.ofMinutes(1)),
                    Duration.ofSeconds(1),
                    List.of(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMinutes(10)),
                    AgeSource.TIME_PASSED),
            Duration.ofSeconds(45),
            Duration.ofMinutes(200),
            Duration.ofSeconds(4),
            Duration.ofMinutes(15),
            250);

    private static final Scale DAYS = new Scale(
            LtxPolicy.DEFAULT,
            Duration.ofMinutes(10),
            Duration.ofHours(54),
            Duration.ofSeconds(20),
            Duration.ofHours(17),
            500);

    /** How long pauses between looks become in trouble. */
    private static final Duration IN_TROUBLE = Duration.ofSeconds(30);

    /** The change log has room for some ten change sets at least, and for all there are at most. */
    private static final long SMALLEST_LOG = 16L << 10;

    private static final int LOG_SIZES = 10;

    /** Restoring all points of days takes longer than a test may. */
    private static final int MOST_RESTORES = 300;

    /**
     * How long a round is.
     *
     * @param looks how often the replica is looked at
     * @param step the time between two steps, in the mean
     * @param check the time between two checks, in the mean
     * @param calm how many steps go well for each that does not
     */
    private record Scale(LtxPolicy policy, Duration looks, Duration length, Duration step, Duration check, int calm) {}

    @Test
    void i19i28EveryPromisedMomentRestoresAndNothingElseIsClaimed() throws Exception {
        Rounds.run("upkeep", 8, seed -> new Round(new Random(seed), SHORT).run());
    }

    @Test
    void aDayIsRestorableAsPromisedAfterDaysOfFaults() throws Exception {
        Rounds.run("days of upkeep", 1, seed -> new Round(new Random(seed), DAYS).run());
    }

    @Test
    void aStoreThatLiesTakesNothingAwayThatIsPromised() throws Exception {
        Rounds.run(
                "upkeep at a store that lies",
                3,
                seed -> new Round(new Random(seed), SHORT).withLies().run());
    }

    private static final class Round {
        private final Random random;
        private final Scale scale;
        private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        private final MemoryStore memory = new MemoryStore(clock);
        private final FaultyStore store = new FaultyStore(memory);
        private final ModelDatabase database;
        private final TreeMap<Long, Instant> committed = new TreeMap<>();
        private final SimulatedReplication engine;
        private final RandomFaults faults;
        private boolean lies;
        private Set<Long> changeSets = Set.of();
        private final long first;

        Round(Random random, Scale scale) throws Exception {
            this.random = random;
            this.scale = scale;
            this.database = new ModelDatabase(random);
            this.engine = new SimulatedReplication(
                    database,
                    clock,
                    new ListingIntervals(scale.looks, scale.looks, IN_TROUBLE),
                    SMALLEST_LOG << random.nextInt(LOG_SIZES),
                    () -> Replicas.open(store, scale.policy, clock));
            this.faults = new RandomFaults(random, clock, store, scale.calm);
            this.first = database.newest();
            committed.put(first, clock.reality());
        }

        Round withLies() {
            lies = true;
            faults.withLies();
            return this;
        }

        void run() throws Exception {
            boolean busy = true;
            Instant nextCheck = clock.reality().plus(about(scale.check));
            Instant end = clock.reality().plus(scale.length);
            while (clock.reality().isBefore(end)) {
                engine.run(about(scale.step));
                checkChangeSets();
                busy = random.nextInt(60) == 0 ? !busy : busy;
                if (busy && random.nextInt(3) > 0) {
                    commit();
                }
                faults.disturb(engine);
                if (clock.reality().isAfter(nextCheck)) {
                    heal();
                    check();
                    nextCheck = clock.reality().plus(about(scale.check));
                }
            }
        }

        /** A change set that was there stays for as long as it is promised; a check after a pause would not see that. */
        private void checkChangeSets() throws IOException {
            Set<Long> now = new HashSet<>();
            for (HistoryObject file : new LtxCatalogue(memory, Replicas.KEYS).list()) {
                if (file.level() == LtxKeys.CHANGE_SETS) {
                    now.add(file.max().value());
                }
            }
            Instant since =
                    clock.reality().minus(scale.policy.changeSetRetention().orElseThrow());
            assertThat(now)
                    .as("change sets since %s", since)
                    .containsAll(changeSets.stream()
                            .filter(txid ->
                                    Objects.requireNonNull(committed.get(txid)).isAfter(since))
                            .toList());
            changeSets = now;
        }

        private Duration about(Duration mean) {
            return Duration.ofMillis(1 + random.nextLong(2 * mean.toMillis()));
        }

        private void commit() throws Exception {
            committed.put(engine.commit(), clock.reality());
        }

        private void heal() throws Exception {
            faults.heal();
            engine.run(scale.looks.multipliedBy(3));
        }

        private void check() throws IOException {
            List<HistoryObject> files = new LtxCatalogue(memory, Replicas.KEYS).list();
            NavigableSet<Long> restorable = restorable(files);
            assertThat(restorable.last()).as("the newest state").isEqualTo(database.newest());
            Instant promisedSince =
                    clock.reality().minus(scale.policy.retention().orElseThrow());
            for (Map.Entry<Long, Instant> commit :
                    committed.tailMap(first, true).entrySet()) {
                Map.Entry<Long, Instant> after = committed.higherEntry(commit.getKey());
                boolean isPromised = after == null || after.getValue().isAfter(promisedSince);
                if (isPromised) {
                    assertIsClose(commit.getKey(), restorable);
                }
            }
            if (!lies) {
                assertGoesOn(files);
            }
        }

        /** The nearest restorable state before is no older than the time between two merges. */
        private void assertIsClose(long txid, NavigableSet<Long> restorable) {
            long nearest = Objects.requireNonNullElse(restorable.floor(txid), 0L);
            Instant time = Objects.requireNonNull(committed.get(txid));
            assertThat(nearest)
                    .as("a state at or before TXID %d of %s", txid, time)
                    .isPositive();
            boolean single =
                    time.plus(scale.policy.changeSetRetention().orElseThrow()).isAfter(clock.reality());
            Instant unseen = nearest == txid ? time : Objects.requireNonNull(committed.get(nearest + 1));
            Duration most = single
                    ? Duration.ZERO
                    : scale.policy
                            .levels()
                            .getFirst()
                            .plus(RandomFaults.TROUBLE.multipliedBy(3))
                            .plus(scale.looks);
            assertThat(Duration.between(unseen, time))
                    .as("from what TXID %d lacks to TXID %d", nearest, txid)
                    .isLessThanOrEqualTo(most);
            assertThat(single && nearest != txid)
                    .as("TXID %d of %s as such", txid, time)
                    .isFalse();
        }

        /** What Litestream and its extension insist on. */
        private void assertGoesOn(List<HistoryObject> files) {
            assertThat(files).as("level 0").anyMatch(file -> file.level() == 0 || database.newest() == first);
            List<HistoryObject> merged =
                    files.stream().filter(file -> file.level() == 1).toList();
            for (int i = 1; i < merged.size(); i++) {
                assertThat(merged.get(i).min())
                        .as("level 1: %s", merged)
                        .isEqualTo(merged.get(i - 1).max().next());
            }
        }

        /** Every TXID that is said to be restorable, and is. */
        private NavigableSet<Long> restorable(List<HistoryObject> files) throws IOException {
            LtxPlanner planner = new LtxPlanner("memory", files);
            Set<Txid> ends = new HashSet<>();
            files.forEach(file -> ends.add(file.max()));
            NavigableSet<Long> restorable = new TreeSet<>();
            for (Txid end : ends) {
                try {
                    RestorePlan plan = planner.plan(new RestoreTarget.AtTxid(end));
                    restorable.add(end.value());
                    if (random.nextInt(ends.size()) >= MOST_RESTORES) {
                        continue;
                    }
                    assertThat(Replicas.restore(memory, plan))
                            .as("TXID %s of %s", end, new ArrayList<>(plan.files()))
                            .isEqualTo(database.content(end.value()));
                } catch (ReplicaException.NotReachable e) {
                    assertThat(e).hasMessageContaining(end.toString());
                }
            }
            return restorable;
        }
    }
}
