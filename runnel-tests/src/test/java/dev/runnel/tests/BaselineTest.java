package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.fault.WalWatch;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.testkit.store.SlowStore;
import dev.runnel.testkit.storm.Habit;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Complete images of a database that is written to all the while. */
@Tag("slow")
class BaselineTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration USUAL_LENGTH = Duration.ofSeconds(10);
    private static final int BASELINES = 3;
    private static final int BALLAST_MEGABYTES = 24;
    private static final long SLOW_BYTES_A_SECOND = 3 << 20;
    private static final long WAL_LIMIT = 64 << 20;
    private static final long LOAD_LIMIT_MILLIS = 200;
    private static final int BASELINE_LEVEL = 9;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i11EveryBaselineOfAStormIsACommittedState(int pageSize) throws SqlFailure {
        Scene scene = new Scene(folder);
        Path database = StormDatabase.create(scene.database(), pageSize);
        Path wiped = scene.file("wiped-replica");
        List<Long> highestIds = new ArrayList<>();
        try (EmbeddedEngine engine = EmbeddedEngine.start(database, scene.replicaFolder(), wiped);
                Storm storm = storm(Seeds.of("baselines with pages of " + pageSize), database)) {
            engine.awaitTxid(1);
            storm.start();
            long end = System.nanoTime() + Seeds.duration(USUAL_LENGTH).toNanos();
            while (System.nanoTime() < end || highestIds.size() < BASELINES) {
                storm.awaitMoreCommits(10, LIMIT);
                highestIds.add(awaitBaseline(wiped));
                Scene.deleteTree(wiped);
            }
            System.out.println(storm.stop() + ", " + highestIds.size() + " baselines");
            engine.assertAlive();
        }
        assertThat(highestIds).isSorted();
    }

    @Test
    void i11ABaselineToASlowReplicaIsExactAndHarmsNobody() throws SqlFailure {
        Scene scene = new Scene(folder);
        Path database = StormDatabase.create(scene.database(), 4096);
        try (SqlSession ballast = JdbcSession.open(database)) {
            ballast.run("create table ballast(b)");
            for (int i = 0; i < BALLAST_MEGABYTES; i++) {
                ballast.run("insert into ballast values(randomblob(1048576))");
            }
        }
        Habits busy = Habits.commitsOnly().autocheckpoint(0).longestPauseMillis(5);
        try (Storm storm = new Storm(Seeds.of("slow baseline"))
                        .with(busy, () -> ChildSession.open(database))
                        .start();
                WalWatch watch =
                        WalWatch.start(database, ProcessHandle.current().pid());
                SqlSession application = ChildSession.open(database)) {
            storm.awaitMoreCommits(20, LIMIT);
            application.run("pragma busy_timeout=5000");
            try (EmbeddedEngine engine = EmbeddedEngine.start(
                    database, List.of(scene.replicaFolder()), store -> new SlowStore(store, SLOW_BYTES_A_SECOND))) {
                int checkpoints = checkpointUntilThereIsABaseline(application, scene.replica());
                assertThat(checkpoints).as("checkpoints during the baseline").isGreaterThan(5);
                assertThat(watch.sightings().largestBytes()).isLessThan(WAL_LIMIT);
                awaitBaseline(scene.replicaFolder());
                storm.stop();
                engine.assertAlive();
            }
        }
    }

    /** Lets the application do its own checkpoints all the time; none may be refused. */
    private static int checkpointUntilThereIsABaseline(SqlSession application, ReplicaOracle replica)
            throws SqlFailure {
        List<Long> waits = new ArrayList<>();
        while (baselines(replica).isEmpty()) {
            for (String mode : List.of("full", "restart", "truncate")) {
                application.run("update s set total = total");
                long start = System.nanoTime();
                assertThat(application
                                .rows("pragma wal_checkpoint(" + mode + ")")
                                .getFirst())
                        .as(mode + " during a slow baseline")
                        .startsWith("0");
                waits.add((System.nanoTime() - start) / 1_000_000);
                // At moments of its own, not on the heels of the one before.
                LockSupport.parkNanos(waits.size() % 7 * 20_000_000L);
            }
        }
        List<Long> ascending = waits.stream().sorted().toList();
        long median = ascending.get(ascending.size() / 2);
        System.out.println(waits.size() + " checkpoints during a slow baseline: median " + median + " ms, at most "
                + ascending.getLast() + " ms");
        assertThat(median).isLessThanOrEqualTo(LOAD_LIMIT_MILLIS);
        return waits.size();
    }

    private static Storm storm(long seed, Path database) {
        return new Storm(seed)
                .with(Habits.all(), () -> ChildSession.open(database))
                .with(Habits.all().autocheckpoint(10), () -> ChildSession.open(database))
                .with(Habits.all().without(Habit.LONG_READ).autocheckpoint(0), () -> JdbcSession.open(database));
    }

    /** Waits for a baseline, and asserts that it is a committed state; gives the highest id in it. */
    private long awaitBaseline(Path replicaFolder) {
        ReplicaOracle replica = new ReplicaOracle(replicaFolder);
        ReplicaOracle.Entry baseline = Await.value(
                "a baseline", LIMIT, () -> baselines(replica).stream().findFirst());
        Path image = replica.imageAt(baseline.maxTxid()).writeTo(folder.resolve("baseline.db"));
        return DatabaseOracle.assertCommitted(image);
    }

    private static List<ReplicaOracle.Entry> baselines(ReplicaOracle replica) {
        return replica.entries().stream()
                .filter(entry -> entry.level() == BASELINE_LEVEL)
                .toList();
    }
}
