package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
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

/** {@code kill -9} at any moment, of Runnel and of writers: what the replica has shown once it can always restore. */
@Tag("slow")
class KillTest {
    private static final int USUAL_ROUNDS = 8;
    private static final int PAGE_SIZE = 4096;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private Path replicaFolder = Path.of("");
    private ReplicaOracle replica = new ReplicaOracle(replicaFolder);

    @BeforeEach
    void createDatabase() throws SqlFailure {
        database = StormDatabase.create(folder.resolve("app.db"), PAGE_SIZE);
        replicaFolder = folder.resolve("replica");
        replica = new ReplicaOracle(replicaFolder);
    }

    @Test
    void i15KillingRunnelAgainAndAgainLosesNothingThatWasAtTheReplica() throws SqlFailure {
        long seed = Seeds.of("kills of Runnel");
        Random random = new Random(seed);
        Map<Long, Long> highestIds = new TreeMap<>();
        try (Storm storm = writers(seed).start()) {
            for (int round = 0; round < Seeds.rounds(USUAL_ROUNDS); round++) {
                try (ProgramEngine engine = ProgramEngine.start(database, replicaFolder)) {
                    engine.awaitTxid(replica.newestTxid() + random.nextInt(1, 4));
                    storm.awaitMoreCommits(random.nextInt(30), LIMIT);
                    engine.kill9();
                }
                long txid = replica.newestTxid();
                highestIds.put(txid, committed(txid));
            }
            storm.stop();
        }
        endsAtTheSource();
        replica.checkAll();
        highestIds.forEach((txid, highest) -> assertThat(committed(txid)).isEqualTo(highest));
        assertThat(List.copyOf(highestIds.values())).isSorted();
    }

    @Test
    void i15KillingWritersAgainAndAgainLeavesCommittedStatesOnly() throws SqlFailure {
        long seed = Seeds.of("kills of writers");
        Random random = new Random(seed);
        try (ProgramEngine engine = ProgramEngine.start(database, replicaFolder).awaitHistory();
                Storm storm = writers(seed).start()) {
            for (int round = 0; round < Seeds.rounds(USUAL_ROUNDS); round++) {
                storm.awaitMoreCommits(random.nextInt(5, 40), LIMIT);
                storm.kill(random.nextInt(2));
                committed(replica.newestTxid());
            }
            System.out.println(storm.stop());
            engine.assertAlive();
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        endsAtTheSource();
        replica.checkAll();
    }

    private Storm writers(long seed) {
        Habits habits = Habits.all().without(Habit.LONG_READ).synchronous("normal");
        return new Storm(seed)
                .with(habits, () -> ChildSession.open(database))
                .with(habits.autocheckpoint(10), () -> ChildSession.open(database));
    }

    private long committed(long txid) {
        return DatabaseOracle.assertCommitted(replica.imageAt(txid).writeTo(folder.resolve("sample.db")));
    }

    /** Once more with nobody killing anybody: the newest state is at the replica when Runnel was told to end. */
    private void endsAtTheSource() throws SqlFailure {
        Path source = folder.resolve("source.db");
        try (ProgramEngine engine = ProgramEngine.start(database, replicaFolder)) {
            try (ChildSession session = ChildSession.open(database)) {
                session.run("update s set total = total", "pragma wal_checkpoint(truncate)");
            }
            DatabaseOracle.copyOf(database, source);
            Await.until("the newest TXID is the source", LIMIT, () -> {
                engine.assertAlive();
                Path image = replica.imageAt(replica.newestTxid()).writeTo(folder.resolve("last.db"));
                DatabaseOracle.assertSameBytes(source, image);
                return true;
            });
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Restores restores = new Restores(replicaFolder, folder);
        DatabaseOracle.assertSameBytes(source, restores.latest());
    }
}
