package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import dev.runnel.testkit.storm.Habit;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The storm on a database that is not in WAL mode, or not always: writers with every kind of rollback journal, some of
 * them killed in the middle. Whatever TXID is restored is a committed state, and the last one is the source.
 */
@Tag("slow")
class RollbackStormTest {
    private static final Duration COMMITS_LIMIT = Duration.ofMinutes(2);
    private static final Duration SHIPPING_LIMIT = Duration.ofMinutes(1);
    private static final Duration SWITCHING_LIMIT = Duration.ofMinutes(1);
    private static final Duration USUAL_LENGTH = Duration.ofSeconds(5);
    private static final int USUAL_SWITCHES = 4;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Scene scene = new Scene(Path.of(""));
    private ReplicaOracle replica = new ReplicaOracle(Path.of(""));
    private final Map<Long, Long> highestIds = new TreeMap<>();

    @BeforeEach
    void setScene() {
        ShellSession.assumeProgram();
        scene = new Scene(folder);
        replica = scene.replica();
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i1i10i34EveryTxidOfAStormInRollbackModeIsACommittedStateAndTheLastIsTheSource(int pageSize) throws SqlFailure {
        StormDatabase.create(scene.database(), pageSize, "delete");
        long seed = Seeds.of("storm in rollback mode with pages of " + pageSize);
        Random random = new Random(seed);
        Habits all = Habits.all().without(Habit.LONG_READ);
        try (Storm storm =
                storm(seed, all, all.journal("truncate"), Habits.all().journal("persist"))) {
            storm.start().awaitMoreCommits(20, COMMITS_LIMIT);
            // Nothing is known yet, and the first baseline is read while everybody writes.
            try (ProgramEngine engine = startKeepingTheMode().awaitHistory()) {
                long end = System.nanoTime() + Seeds.duration(USUAL_LENGTH).toNanos();
                while (System.nanoTime() < end) {
                    storm.awaitMoreCommits(random.nextInt(10, 30), COMMITS_LIMIT);
                    if (random.nextInt(4) == 0) {
                        storm.kill(random.nextInt(2));
                    }
                    sample();
                }
                System.out.println(storm.stop());
                assertThat(storm.tally().lostSessions()).as("killed writers").isPositive();
                theLastTxidIsTheSource(engine);
            }
        }
    }

    @Test
    void theJournalModeIsFollowedWhereverTheApplicationSwitchesIt() throws SqlFailure {
        StormDatabase.create(scene.database(), 4096, "delete");
        long seed = Seeds.of("storm with switches of the journal mode");
        Random random = new Random(seed);
        Habits commits = Habits.commitsOnly();
        ProgramEngine engine = startKeepingTheMode().awaitHistory();
        try (Storm storm = storm(seed, commits, commits, commits)) {
            storm.start();
            for (int round = 0; round < Seeds.rounds(USUAL_SWITCHES); round++) {
                String mode = round % 2 == 0
                        ? "wal"
                        : List.of("delete", "truncate", "persist").get(round / 2 % 3);
                storm.awaitMoreCommits(random.nextInt(20, 40), COMMITS_LIMIT);
                sample();
                storm.disconnectAll();
                boolean whileDown = round / 2 % 2 == 1;
                if (whileDown && round % 2 == 0) {
                    assertThat(engine.stop()).as(engine.log()).isZero();
                } else if (whileDown) {
                    engine.kill9();
                }
                Await.until("the journal mode is " + mode, SWITCHING_LIMIT, () -> {
                    if (!whileDown) {
                        scene.awaitLetGo();
                    }
                    switchTo(mode);
                    return true;
                });
                storm.resume();
                if (whileDown) {
                    storm.awaitMoreCommits(random.nextInt(5, 20), COMMITS_LIMIT);
                    engine.close();
                    long before = replica.newestTxid();
                    engine = startKeepingTheMode();
                    engine.awaitTxid(before + 1);
                }
            }
            System.out.println(storm.stop());
            sample();
            theLastTxidIsTheSource(engine);
        } finally {
            engine.close();
        }
    }

    private ProgramEngine startKeepingTheMode() {
        return ProgramEngine.startWith(
                "journal-mode: keep\n    sync-interval: 100ms", scene.database(), scene.replicaFolder());
    }

    private Storm storm(long seed, Habits one, Habits two, Habits three) {
        Path database = scene.database();
        return new Storm(seed)
                .with(one, () -> ChildSession.open(database))
                .with(two, () -> ChildSession.open(database))
                .with(three, () -> ShellSession.open(database));
    }

    /**
     * SQLite lets the application leave WAL mode while its only connection is the application's. Runnel, if it runs,
     * may have opened the database first; then this fails, and Runnel lets go again after the application.
     */
    private void switchTo(String mode) throws SqlFailure {
        try (SqlSession alone = JdbcSession.open(scene.database())) {
            assertThat(alone.rows("pragma journal_mode=" + mode)).containsExactly(mode);
        }
    }

    private void sample() {
        long txid = replica.newestTxid();
        Path image = replica.imageAt(txid).writeTo(folder.resolve("sample.db"));
        highestIds.put(txid, DatabaseOracle.assertCommitted(image));
    }

    private void theLastTxidIsTheSource(ProgramEngine engine) throws SqlFailure {
        try (SqlSession session = JdbcSession.open(scene.database())) {
            // Whatever a killed writer has left is rolled back, and everything backfilled.
            session.run("pragma wal_checkpoint(truncate)", "select count(*) from t");
        }
        Path source = DatabaseOracle.copyOf(scene.database(), folder.resolve("source.db"));
        Await.until("the newest TXID is the source", SHIPPING_LIMIT, () -> {
            engine.assertAlive();
            Path image = replica.imageAt(replica.newestTxid()).writeTo(folder.resolve("last.db"));
            DatabaseOracle.assertSameBytes(source, image);
            return true;
        });
        assertThat(engine.stop()).as(engine.log()).isZero();
        System.out.println(replica.newestTxid() + " TXIDs, " + highestIds.size() + " sampled");
        replica.checkAll();
        assertThat(List.copyOf(highestIds.values())).isSorted();
        DatabaseOracle.assertSameBytes(source, new Restores(scene.replicaFolder(), folder).latest());
    }
}
