package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.Identity;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.storm.Habit;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program with a replica at S3, from the first commit to the restored file. */
@Tag("slow")
class S3ReplicateTest {
    private static final int ROUNDS = 3;
    private static final int PAGE_SIZE = 4096;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private List<Bucket> opened = new ArrayList<>();

    /** Whether the objects can be read by whoever has the bucket. */
    enum Secrecy {
        PLAIN,
        AGE
    }

    @BeforeEach
    void name() {
        database = folder.resolve("app.db");
    }

    @AfterEach
    void stop() {
        opened.forEach(Bucket::close);
    }

    private Bucket openBucket() {
        Bucket bucket = new Bucket(database);
        opened.add(bucket);
        return bucket;
    }

    @ParameterizedTest
    @EnumSource
    void i15KillingRunnelAgainAndAgainLosesNothingThatWasInTheBucket(Secrecy secrecy) throws SqlFailure {
        long seed = Seeds.of("kills of Runnel");
        Random random = new Random(seed);
        StormDatabase.create(database, PAGE_SIZE);
        Bucket bucket = openBucket();
        Path config = secrecy == Secrecy.AGE ? bucket.configure(keys()) : bucket.configure();
        Restores restores = Restores.configured(config, database);
        Map<Long, Long> highestIds = new TreeMap<>();
        try (Storm storm = writers(seed).start()) {
            for (int round = 0; round < Seeds.rounds(ROUNDS); round++) {
                try (ProgramEngine engine = bucket.start(config)) {
                    engine.awaitTxid(bucket.replica().newestTxid() + random.nextInt(1, 4));
                    storm.awaitMoreCommits(random.nextInt(30), LIMIT);
                    engine.kill9();
                }
                long txid = bucket.replica().newestTxid();
                highestIds.put(txid, DatabaseOracle.assertCommitted(restores.at(txid)));
            }
            storm.stop();
        }
        endsAtTheSource(bucket.start(config), restores);
        highestIds.forEach((txid, highest) ->
                assertThat(DatabaseOracle.assertCommitted(restores.at(txid))).isEqualTo(highest));
        assertThat(List.copyOf(highestIds.values())).isSorted();
        if (secrecy == Secrecy.PLAIN) {
            bucket.replica().checkAll();
        }
    }

    private static String keys() {
        Identity identity = Identity.generate();
        return "age: {identities: [%s], recipients: [%s]}".formatted(identity.secretText(), identity.recipient());
    }

    private Storm writers(long seed) {
        Habits habits = Habits.all().without(Habit.LONG_READ).synchronous("normal");
        return new Storm(seed).with(habits, () -> ChildSession.open(database));
    }

    /** Once more with nobody killing anybody: the newest state is in the bucket when Runnel was told to end. */
    private void endsAtTheSource(ProgramEngine started, Restores restores) throws SqlFailure {
        Path source = folder.resolve("source.db");
        try (ProgramEngine engine = started) {
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

    @Test
    void aMomentBetweenTwoCommitsRestoresWhatWasCommittedThen() throws SqlFailure {
        Bucket bucket = openBucket();
        Path config = bucket.configure();
        List<String> then;
        Instant moment;
        try (Application application = Application.start(database);
                ProgramEngine engine = bucket.start(config)) {
            application.orders(3, "before");
            then = application.orders();
            long newest = awaitOrders(engine, then);
            moment = Instant.now();
            application.orders(3, "after");
            engine.awaitTxid(newest + 1);
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Path restored = Restores.configured(config, database).at(moment);
        assertThat(Application.ordersIn(restored)).isEqualTo(then);
    }

    @Test
    void everyCommandReadsTheBucket() throws SqlFailure {
        Bucket bucket = openBucket();
        Path config = bucket.configure();
        try (Application application = Application.start(database).orders(2, "first");
                ProgramEngine engine = bucket.start(config).awaitHistory()) {
            application.orders(2, "second");
            awaitOrders(engine, application.orders());
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        List<ReplicaOracle.Entry> files = bucket.replica().entries();
        List<String> names = files.stream()
                .filter(file -> file.level() == 0)
                .map(file -> "0 %016x %016x".formatted(file.minTxid(), file.maxTxid()))
                .toList();

        assertThat(columns(say(Map.of(), "ltx", "-config", config.toString(), database.toString()), 3))
                .isEqualTo(names);
        assertThat(columns(say(Bucket.environment(), "ltx", bucket.url()), 3)).isEqualTo(names);
        assertThat(columns(say(Map.of(), "databases", "-config", config.toString()), 2))
                .containsExactly(database + " s3");
        String baseline = "%016x".formatted(files.getLast().maxTxid());
        assertThat(columns(say(Bucket.environment(), "generations", bucket.url()), 2))
                .as("a chain is named by the TXID it starts from")
                .containsExactly("s3 " + baseline);
        assertThat(columns(say(Bucket.environment(), "snapshots", bucket.url()), 3))
                .containsExactly("s3 " + baseline + " " + baseline);
        assertThat(say(
                        Bucket.environment(),
                        "restore",
                        "-o",
                        folder.resolve("by-url.db").toString(),
                        bucket.url()))
                .isNotEmpty();
        DatabaseOracle.assertSound(folder.resolve("by-url.db"));
    }

    @Test
    void aWrongKeyIsRefusedAndSaysSo() throws SqlFailure {
        Bucket bucket = openBucket();
        try (Application application = Application.start(database).orders(1, "one");
                ProgramEngine engine = bucket.start(bucket.configure()).awaitHistory()) {
            application.order("two");
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Path output = folder.resolve("stolen.db");
        Map<String, String> wrong = Map.of("AWS_ACCESS_KEY_ID", "testkey", "AWS_SECRET_ACCESS_KEY", "guessed");
        try (Child restore = Child.start(RunnelCommand.of("restore", "-o", output.toString(), bucket.url()), wrong)) {
            assertThat(restore.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(restore.transcript()).contains("403").doesNotContain("guessed");
        }
        assertThat(Files.exists(output)).isFalse();
    }

    /** Waits until the newest TXID in the bucket has these orders, and gives it. */
    private long awaitOrders(ProgramEngine engine, List<String> orders) {
        return Await.value("the bucket has " + orders.size() + " orders", LIMIT, () -> {
            engine.assertAlive();
            ReplicaOracle replica = engine.replica();
            long newest = replica.newestTxid();
            Path image = replica.imageAt(newest).writeTo(folder.resolve("sample.db"));
            return Application.ordersIn(image).equals(orders) ? Optional.of(newest) : Optional.empty();
        });
    }

    private static List<String> say(Map<String, String> environment, String... arguments) {
        try (Child child = Child.start(RunnelCommand.of(arguments), environment)) {
            int status = child.awaitExit(LIMIT);
            assertThat(status).as(child.transcript()).isZero();
            return child.transcript().lines().toList();
        }
    }

    /** The first columns of a table, without its head. */
    private static List<String> columns(List<String> table, int count) {
        return table.stream()
                .skip(1)
                .map(line -> String.join(" ", List.of(line.split(" +")).subList(0, count)))
                .toList();
    }
}
