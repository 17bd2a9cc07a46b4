package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Ages;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.Rounds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Histories under merging, retention, faults of the store, restarts, and a wall clock that is set a day ahead and back.
 * Whatever was done, each moment that is promised can be restored, as closely as it is promised, nothing is there that
 * does not restore to what it says, and the layout is such that Litestream goes on with it.
 */
final class UpkeepPropertyTest {
    /** Two thirds of an hour take the place of a day. */
    private static final Scale SHORT = new Scale(
            new LtxPolicy(
                    Duration.ofMinutes(40),
                    Optional.of(Duration.ofMinutes(40)),
                    Optional.of(Duration.ofMinutes(1)),
                    Duration.ofSeconds(1),
                    List.of(Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMinutes(10)),
                    Ages.TIME_PASSED),
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

    private static final List<Moment> MOMENTS = List.of(Moment.BEFORE, Moment.DURING, Moment.AFTER);

    /** The store is never in trouble for longer. */
    private static final Duration TROUBLE = Duration.ofMinutes(1);

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
        private final ModelReplicator replicator;
        private Instant healAt = Instant.MIN;
        private boolean lies;
        private long first;

        Round(Random random, Scale scale) {
            this.random = random;
            this.scale = scale;
            this.database = new ModelDatabase(random);
            this.replicator = new ModelReplicator(store, database, clock, scale.policy, scale.looks);
        }

        Round withLies() {
            lies = true;
            return this;
        }

        void run() throws IOException {
            commit();
            replicator.step();
            first = 1;
            boolean busy = true;
            Instant nextCheck = clock.reality().plus(about(scale.check));
            Instant end = clock.reality().plus(scale.length);
            while (clock.reality().isBefore(end)) {
                clock.advance(about(scale.step));
                busy = random.nextInt(60) == 0 ? !busy : busy;
                if (busy && random.nextInt(3) > 0) {
                    commit();
                }
                disturb();
                replicator.step();
                if (clock.reality().isAfter(nextCheck)) {
                    heal();
                    check();
                    nextCheck = clock.reality().plus(about(scale.check));
                }
            }
        }

        private Duration about(Duration mean) {
            return Duration.ofMillis(1 + random.nextLong(2 * mean.toMillis()));
        }

        private void commit() {
            committed.put(database.commitAt(clock.now()), clock.reality());
        }

        private void disturb() {
            if (clock.reality().isAfter(healAt) && !healAt.equals(Instant.MIN)) {
                store.heal();
                healAt = Instant.MIN;
            }
            switch (random.nextInt(scale.calm)) {
                case 0 -> fail(1);
                case 1 -> fail(1000);
                case 2 -> replicator.restart();
                case 3 -> clock.setError(Duration.ofDays(random.nextInt(3) - 1));
                case 4 -> replicator.trimLog(database.newest() - random.nextInt(10));
                case 5, 6, 7 -> lie();
                default -> replicator.trimLog(replicator.settled());
            }
        }

        /** Calls of all kinds fail for a while. */
        private void fail(long calls) {
            Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
            long from = 1L + random.nextInt(8);
            store.inject(new FaultyStore.Fault(Set.of(StoreOperation.values()), moment, from, from + calls));
            healAt = clock.reality().plus(TROUBLE);
        }

        /** Listings are cut short, stale, or have everything twice, and reads are short. */
        private void lie() {
            if (lies) {
                List<ObjectInfo> stale = new ArrayList<>();
                int kind = random.nextInt(3);
                store.listings(listed -> switch (kind) {
                    case 0 -> listed.subList(0, random.nextInt(listed.size() + 1));
                    case 1 ->
                        Stream.concat(listed.stream(), listed.reversed().stream())
                                .toList();
                    default -> {
                        stale.addAll(stale.isEmpty() ? listed : List.of());
                        yield List.copyOf(stale);
                    }
                });
                store.shortReads(1 + random.nextInt(100));
                healAt = clock.reality().plus(TROUBLE);
            }
        }

        private void heal() throws IOException {
            store.heal();
            healAt = Instant.MIN;
            for (int i = 0; i < 3; i++) {
                clock.advance(scale.looks);
                replicator.step();
            }
        }

        private void check() throws IOException {
            List<LtxObject> files = new LtxCatalogue(memory, Replicas.KEYS).list();
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
                            .plus(TROUBLE.multipliedBy(3))
                            .plus(scale.looks);
            assertThat(Duration.between(unseen, time))
                    .as("from what TXID %d lacks to TXID %d", nearest, txid)
                    .isLessThanOrEqualTo(most);
            assertThat(single && nearest != txid)
                    .as("TXID %d of %s as such", txid, time)
                    .isFalse();
        }

        /** What Litestream and its extension insist on. */
        private void assertGoesOn(List<LtxObject> files) {
            assertThat(files).as("level 0").anyMatch(file -> file.level() == 0 || database.newest() == first);
            List<LtxObject> merged =
                    files.stream().filter(file -> file.level() == 1).toList();
            for (int i = 1; i < merged.size(); i++) {
                assertThat(merged.get(i).min())
                        .as("level 1: %s", merged)
                        .isEqualTo(merged.get(i - 1).max().next());
            }
        }

        /** Every TXID that is said to be restorable, and is. */
        private NavigableSet<Long> restorable(List<LtxObject> files) throws IOException {
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
