package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.TxidAges;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is removed in days of a history: never what a promised moment needs, whatever faults, restarts and wrong clocks there
 * are; and everything else, where there are none.
 */
@Tag("slow")
final class GenerationsRetentionTest {
    private static final int USUAL_LIVES = 12;
    private static final long LINEAGE = 0x1234567890abcdefL;
    private static final Instant START = SqliteHistory.ORIGIN;
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration INTERVAL = Duration.ofHours(6);
    private static final Duration TROUBLE = Duration.ofHours(2);
    private static final GenerationsPolicy POLICY =
            new GenerationsPolicy(INTERVAL, Optional.of(RETENTION), Duration.ofHours(1), AgeSource.TIME_PASSED);

    @TempDir
    Path folder;

    @Test
    void everyPromisedChangeSetRestoresWhateverHappens() throws IOException {
        long seed = Seeds.of("retention of generations");
        for (int i = 0; i < Seeds.rounds(USUAL_LIVES); i++) {
            Life life = new Life(new Random(seed + i));
            for (int step = 0; step < 700; step++) {
                life.disturb();
                life.step();
                if (step % 50 == 49) {
                    life.heal();
                    life.check();
                }
            }
        }
    }

    @Test
    void whatIsNotPromisedGoesAndTheWindowNeverCollapses() throws IOException {
        Life life = new Life(new Random(4));
        Stored.plant(life.memory, "generations/00000000000000aa/snapshots/00000000.snapshot.lz4", new byte[50]);
        Stored.plant(life.memory, "generations/00000000000000aa/wal/00000000_00000000.wal.lz4", new byte[50]);
        int shortest = Integer.MAX_VALUE;
        for (int step = 0; step < 800; step++) {
            life.step();
            Duration age = life.ageOfTheOldest();
            if (step > 300) {
                assertThat(age).isLessThan(RETENTION.plus(INTERVAL).plus(TROUBLE));
                shortest = Math.min(shortest, (int) age.toHours());
            }
            assertThat(Generations.names(life.memory))
                    .as("what another program wrote")
                    .anyMatch(name -> name.startsWith("00000000000000aa"));
        }
        assertThat(shortest).isGreaterThanOrEqualTo((int) RETENTION.toHours());
        life.check();
    }

    @Test
    void whereTheSnapshotThatAllRestsOnIsDamagedOlderOnesStay() throws IOException {
        Life life = new Life(new Random(9));
        for (int step = 0; step < 300; step++) {
            life.step();
        }
        Instant floor = life.clock.reality().minus(RETENTION);
        ObjectInfo damaged = life.snapshots().stream()
                .filter(snapshot -> !snapshot.time().isAfter(floor))
                .max(Comparator.comparing(ObjectInfo::time))
                .orElseThrow();
        life.memory.put(damaged.key(), Bodies.of(new byte[60]), PutOptions.replace(damaged.time()));
        life.replica = life.open();
        for (int step = 0; step < 40; step++) {
            life.step();
        }
        life.check();
    }

    @Test
    void whileAClockIsBehindNothingGetsOlder() throws IOException {
        Life life = new Life(new Random(6));
        life.runUntil(Duration.ofHours(30));
        life.clock.setError(Duration.ofDays(-2));
        life.runUntil(Duration.ofHours(40));
        life.clock.setError(Duration.ZERO);
        life.runUntil(Duration.ofHours(41));
        // What a process has seen of the clock it does not tell the next one.
        life.replica = life.open();
        for (int hour = 42; hour < 80; hour++) {
            life.runUntil(Duration.ofHours(hour));
            life.check();
        }
    }

    /** A database, its replica, and who ships to it. */
    private final class Life implements LocalChanges {
        private final Random random;
        private final SimulatedClock clock = new SimulatedClock(START);
        private final MemoryStore memory = new MemoryStore(clock);
        private final FaultyStore store = new FaultyStore(memory);
        private final ModelDatabase database;
        private final Map<Long, Instant> committed = new TreeMap<>();
        private final Set<Long> shipped = new TreeSet<>();
        private final TxidAges ages = new TxidAges(clock);
        private GenerationsReplica replica;
        private long logFrom = 1;
        private Instant healAt = Instant.MAX;

        Life(Random random) {
            this.random = random;
            this.database = new ModelDatabase(random, LINEAGE, new PageSize(512));
            this.replica = open();
        }

        @Override
        public TxidAges ages() {
            return ages;
        }

        private GenerationsReplica open() {
            return Generations.open(store, folder, POLICY, clock);
        }

        void step() throws IOException {
            clock.advance(Duration.ofMinutes(1 + random.nextInt(20)));
            if (random.nextInt(3) == 0 || database.newest() == 0) {
                committed.put(database.commitAt(clock.now()), clock.reality());
                ages.seen(new Txid(database.newest()));
            }
            if (clock.reality().isAfter(healAt)) {
                store.heal();
                healAt = Instant.MAX;
            }
            try {
                bringUp();
                if (replica.maintain(this).baseline() == Upkeep.Baseline.DUE) {
                    replica.baseline(database.image(database.newest()));
                }
            } catch (StoreException | ReplicaException.Vanished e) {
                assertThat(healAt).as("%s", e).isNotEqualTo(Instant.MAX);
            }
        }

        void runUntil(Duration sinceStart) throws IOException {
            while (clock.reality().isBefore(START.plus(sinceStart))) {
                step();
            }
        }

        private void bringUp() throws IOException {
            for (Position at = replica.position(); at.whole().value() < database.newest(); at = replica.position()) {
                long next = at.whole().value() + 1;
                if (at.whole().isNone() || next < logFrom) {
                    replica.baseline(database.image(database.newest()));
                    shipped.add(database.newest());
                } else {
                    replica.append(database.changes(next));
                    shipped.add(next);
                }
                if (!replica.position().whole().isAfter(at.whole())) {
                    assertThat(healAt).as("a listing that lies").isNotEqualTo(Instant.MAX);
                    return;
                }
            }
        }

        void disturb() {
            switch (random.nextInt(40)) {
                case 0 -> fail();
                case 1 -> replica = open();
                case 2 -> clock.setError(Duration.ofDays(random.nextInt(3) - 1));
                case 3 -> logFrom = database.newest() - random.nextInt(3);
                case 4, 5 -> lie();
                default -> {}
            }
        }

        private void fail() {
            FaultyStore.Moment[] moments = FaultyStore.Moment.values();
            long from = 1L + random.nextInt(8);
            store.inject(new FaultyStore.Fault(
                    Set.of(StoreOperation.values()),
                    moments[random.nextInt(moments.length)],
                    from,
                    from + random.nextInt(50)));
            healAt = clock.reality().plus(TROUBLE);
        }

        /** Listings are cut short. */
        private void lie() {
            store.listings(listed -> listed.subList(0, random.nextInt(listed.size() + 1)));
            healAt = clock.reality().plus(TROUBLE);
        }

        void heal() throws IOException {
            store.heal();
            healAt = Instant.MAX;
            step();
        }

        List<ObjectInfo> snapshots() throws IOException {
            try (Stream<ObjectInfo> listing = memory.list("generations/1", Optional.empty())) {
                return listing.filter(object -> object.key().contains("/snapshots/"))
                        .toList();
            }
        }

        Duration ageOfTheOldest() throws IOException {
            try (Stream<ObjectInfo> listing = memory.list("generations/1", Optional.empty())) {
                Instant oldest = listing.filter(object -> object.key().endsWith(".lz4"))
                        .map(ObjectInfo::time)
                        .min(Instant::compareTo)
                        .orElseThrow();
                return Duration.between(oldest, clock.reality());
            }
        }

        void check() throws IOException {
            GenerationsReplica fresh = Generations.open(memory, folder);
            assertThat(fresh.position().whole().value()).isEqualTo(database.newest());
            Instant since = clock.reality().minus(RETENTION);
            Map<Long, Instant> until = new HashMap<>();
            Optional<Long> before = Optional.empty();
            for (long txid : committed.keySet()) {
                before.ifPresent(earlier -> until.put(earlier, committed.get(txid)));
                before = Optional.of(txid);
            }
            for (long txid : shipped) {
                if (until.getOrDefault(txid, Instant.MAX).isAfter(since)) {
                    RestoreTarget target = new RestoreTarget.AtTxid(new Txid(txid));
                    assertThat(Generations.restore(fresh, target))
                            .as("TXID %d of %s", txid, committed.get(txid))
                            .isEqualTo(database.content(txid));
                }
            }
        }

        @Override
        public boolean has(TxidRange range) {
            return false;
        }

        @Override
        public InputStream open(Txid txid) throws IOException {
            throw new IOException("nobody needs a change set for this");
        }

        @Override
        public DiskFile room() throws IOException {
            throw new IOException("nobody needs room for this");
        }
    }
}
