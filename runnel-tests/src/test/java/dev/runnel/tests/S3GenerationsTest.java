package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.Identity;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program with a replica at S3 in the layout of Litestream 0.3, killed and started again. */
@Tag("slow")
class S3GenerationsTest {
    private static final int ROUNDS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void killedAgainAndAgainItEndsAtTheSource(boolean isEncrypted) throws SqlFailure {
        long seed = Seeds.of("kills with generations at S3");
        Random random = new Random(seed);
        Path database = StormDatabase.create(folder.resolve("app.db"), 4096);
        try (Bucket bucket = new Bucket(database);
                Storm storm = new Storm(seed)
                        .with(Habits.all().synchronous("normal"), () -> ChildSession.open(database))
                        .start()) {
            Path config = isEncrypted
                    ? bucket.configure("layout: generations", keys())
                    : bucket.configure("layout: generations");
            for (int round = 0; round < Seeds.rounds(ROUNDS); round++) {
                int before = wals(bucket).size();
                try (ProgramEngine engine = start(config)) {
                    Await.until("more change sets are in the bucket", LIMIT, () -> {
                        engine.assertAlive();
                        return wals(bucket).size() > before + 1;
                    });
                    storm.awaitMoreCommits(random.nextInt(30), LIMIT);
                    engine.kill9();
                }
            }
            storm.stop();
            endsAtTheSource(database, config);
            assertThat(wals(bucket).stream().map(key -> key.split("/", -1)[2]).distinct())
                    .as("generations")
                    .hasSize(1);
        }
    }

    private void endsAtTheSource(Path database, Path config) throws SqlFailure {
        Restores restores = Restores.configured(config, database);
        Path source = folder.resolve("source.db");
        try (ProgramEngine engine = start(config)) {
            try (ChildSession session = ChildSession.open(database)) {
                session.run("update s set total = total", "pragma wal_checkpoint(truncate)");
            }
            DatabaseOracle.copyOf(database, source);
            Await.until("the newest state in the bucket is the source", LIMIT, () -> {
                engine.assertAlive();
                DatabaseOracle.assertSameBytes(source, restores.latest());
                return true;
            });
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
    }

    private static ProgramEngine start(Path config) {
        return ProgramEngine.startWith(config, () -> new ReplicaOracle(Path.of("")));
    }

    private static List<String> wals(Bucket bucket) {
        return bucket.service().keys(Bucket.NAME, Bucket.PATH + "/generations/").stream()
                .filter(key -> key.endsWith(".wal.lz4"))
                .toList();
    }

    private static String keys() {
        Identity identity = Identity.generate();
        return "age: {identities: [%s], recipients: [%s]}".formatted(identity.secretText(), identity.recipient());
    }
}
