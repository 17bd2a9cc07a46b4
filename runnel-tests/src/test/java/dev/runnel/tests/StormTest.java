package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.fault.WalSightings;
import dev.runnel.testkit.fault.WalWatch;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writers in other processes do everything an application may do; whatever TXID is then restored is a committed state,
 * and the last one is the source, byte for byte. A storm that was too mild to show it fails.
 */
@Tag("slow")
class StormTest {
    private static final Duration COMMITS_LIMIT = Duration.ofMinutes(2);
    private static final Duration SHIPPING_LIMIT = Duration.ofMinutes(1);
    private static final Duration USUAL_LENGTH = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT_FOR_SIGHTINGS = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i1i2EveryTxidOfTheStormIsACommittedStateAndTheLastIsTheSource(int pageSize) throws SqlFailure {
        ShellSession.assumeProgram();
        Scene scene = new Scene(folder);
        StormDatabase.create(scene.database(), pageSize);
        try (EngineUnderTest engine = scene.startRunnel()) {
            endureAStorm(scene, engine, scene::awaitLetGo, Seeds.of("storm with pages of " + pageSize));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 65536})
    void i1i2TheSameWithTheEngineInTheJvmOfAnApplication(int pageSize) throws SqlFailure {
        ShellSession.assumeProgram();
        Scene scene = new Scene(folder);
        StormDatabase.create(scene.database(), pageSize);
        try (EngineUnderTest engine = EmbeddedEngine.start(scene.database(), scene.replicaFolder())) {
            // An engine beside an application holds on until it is closed.
            endureAStorm(scene, engine, () -> {}, Seeds.of("storm in the same JVM with pages of " + pageSize));
        }
    }

    private void endureAStorm(Scene scene, EngineUnderTest engine, Runnable awaitLetGo, long seed) throws SqlFailure {
        ReplicaOracle replica = scene.replica();
        Map<Long, Long> highestIds = new TreeMap<>();
        WalSightings seen;
        engine.awaitTxid(1);
        try (WalWatch watch = WalWatch.start(scene.database(), engine.pid());
                Storm storm = storm(seed, scene.database())) {
            storm.start();
            Random random = new Random(seed);
            long usualEnd = System.nanoTime() + Seeds.duration(USUAL_LENGTH).toNanos();
            long lastEnd = usualEnd + LONGEST_WAIT_FOR_SIGHTINGS.toNanos();
            do {
                storm.awaitMoreCommits(random.nextInt(20, 60), COMMITS_LIMIT);
                switch (random.nextInt(6)) {
                    case 0 -> allCloseAtOnce(storm, () -> {});
                    case 1 -> allCloseAtOnce(storm, awaitLetGo);
                    default -> {}
                }
                long txid = replica.newestTxid();
                highestIds.put(txid, committed(replica, txid));
                seen = watch.sightings();
            } while (System.nanoTime() < usualEnd || (!isWorthTheName(seen) && System.nanoTime() < lastEnd));
            System.out.println(storm.stop());
            engine.assertAlive();
        }
        lastStateIsTheSource(scene.database(), replica);
        assertThat(engine.stop()).as(engine.log()).isZero();

        System.out.println(seen + ", " + replica.newestTxid() + " TXIDs, " + highestIds.size() + " sampled");
        replica.checkAll();
        assertThat(List.copyOf(highestIds.values())).isSorted();
        theCommandLineRestoresTheSame(scene.replicaFolder(), highestIds);
        assertThat(seen.restarts()).as("the WAL was restarted").isPositive();
        assertThat(seen.beyondEnd()).as("frames lay beyond the end of the WAL").isPositive();
        assertThat(seen.onMark0()).as("a hand-over happened on read mark 0").isPositive();
        assertThat(seen.onOtherMark())
                .as("a hand-over happened on another mark")
                .isPositive();
    }

    /** On a slow machine it takes a while until everything that a storm is about has happened. */
    private static boolean isWorthTheName(WalSightings seen) {
        return seen.restarts() > 0 && seen.beyondEnd() > 0 && seen.onMark0() > 0 && seen.onOtherMark() > 0;
    }

    private static void allCloseAtOnce(Storm storm, Runnable then) {
        storm.disconnectAll();
        then.run();
        storm.resume();
    }

    private static Storm storm(long seed, Path database) {
        return new Storm(seed)
                .with(Habits.all(), () -> ChildSession.open(database))
                .with(Habits.all().autocheckpoint(10), () -> ShellSession.open(database))
                .with(Habits.all().autocheckpoint(0), () -> JdbcSession.open(database));
    }

    private long committed(ReplicaOracle replica, long txid) {
        Path image = replica.imageAt(txid).writeTo(folder.resolve("sample.db"));
        return DatabaseOracle.assertCommitted(image);
    }

    private void lastStateIsTheSource(Path database, ReplicaOracle replica) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(database)) {
            // Where two checkpoints meet, SQLite refuses one of them at once.
            Await.until(
                    "everything is backfilled",
                    SHIPPING_LIMIT,
                    () -> session.rows("pragma wal_checkpoint(truncate)").equals(List.of("0|0|0")));
        }
        Path source = DatabaseOracle.copyOf(database, folder.resolve("source.db"));
        Await.until("the newest TXID is the source", SHIPPING_LIMIT, () -> {
            Path image = replica.imageAt(replica.newestTxid()).writeTo(folder.resolve("last.db"));
            DatabaseOracle.assertSameBytes(source, image);
            return true;
        });
    }

    private void theCommandLineRestoresTheSame(Path replicaFolder, Map<Long, Long> highestIds) {
        Restores restores = new Restores(replicaFolder, folder);
        DatabaseOracle.assertSameBytes(folder.resolve("source.db"), restores.latest());
        highestIds.entrySet().stream().limit(3).forEach(sample -> {
            Path restored = restores.at(sample.getKey());
            assertThat(DatabaseOracle.assertCommitted(restored)).isEqualTo(sample.getValue());
            Restores.discard(restored);
        });
    }
}
