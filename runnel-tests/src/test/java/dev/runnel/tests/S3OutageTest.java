package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.ChildSession;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.storm.Habit;
import dev.runnel.testkit.storm.Habits;
import dev.runnel.testkit.storm.Storm;
import dev.runnel.testkit.storm.StormDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The service goes away and comes back while everything is going on: a baseline, change sets, merging, retention, a restore. */
@Tag("slow")
class S3OutageTest {
    private static final int PAGE_SIZE = 4096;
    private static final int MEGABYTES = 20;
    private static final int SAMPLES = 6;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Pattern DEGRADED = Pattern.compile("level=WARN.*degraded: ");
    private static final Pattern HEALTHY = Pattern.compile("healthy again");

    /** Everything that is done to a history, every few seconds. */
    private static final String BUSY = """
            levels: [{interval: 2s}, {interval: 5s}]
            snapshot: {interval: 4s, retention: 10s}
            l0-retention: 1h
            l0-retention-check-interval: 1s
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private Bucket bucket;

    @BeforeEach
    void makeDatabase() throws SqlFailure {
        database = StormDatabase.create(folder.resolve("app.db"), PAGE_SIZE);
        bucket = new Bucket(database);
        try (JdbcSession session = JdbcSession.open(database)) {
            session.run(
                    "create table bulk(x)",
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + MEGABYTES + ")"
                            + " insert into bulk select randomblob(1000000) from n");
        }
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @Test
    void theReplicaIsWholeAfterwardsAndHealthWentAndCameBack() throws SqlFailure, IOException {
        long seed = Seeds.of("outages");
        Random random = new Random(seed);
        Path config = busy();
        Restores restores = Restores.configured(config, database);
        Map<Long, Long> highestIds = new TreeMap<>();
        ReplicaOracle.Entry first;
        try (Storm storm = new Storm(seed)
                        .with(
                                Habits.all().without(Habit.LONG_READ).synchronous("normal"),
                                () -> ChildSession.open(database))
                        .start();
                ProgramEngine engine = bucket.start(config)) {
            Await.until(
                    "the baseline is on its way", LIMIT, () -> bucket.service().unfinishedParts(Bucket.NAME) > 0);
            outage(storm, random);
            engine.awaitHistory();
            first = bucket.replica().entries().getLast();
            for (int round = 0; round < Seeds.rounds(2); round++) {
                storm.awaitMoreCommits(random.nextInt(20, 60), LIMIT);
                outage(storm, random);
                engine.awaitTxid(bucket.replica().newestTxid() + 2);
                sample(restores, highestIds);
            }
            outageLongEnoughToBeSaid(engine);
            sample(restores, highestIds);
            ReplicaOracle.Entry oldest = first;
            Await.until(
                    "the first of all is removed",
                    LIMIT,
                    () -> !bucket.replica().entries().contains(oldest));
            storm.stop();
            outageDuringARestore(engine, config);
            endsAtTheSource(engine, restores);
        }
        ReplicaOracle replica = bucket.replica();
        replica.checkAll();
        assertThat(replica.entries()).as("the first of all was removed").doesNotContain(first);
        everyTxidIsWhatItWas(replica, restores, highestIds);
    }

    private Path busy() throws IOException {
        Path config = bucket.configure();
        return Files.writeString(config, BUSY + Files.readString(config));
    }

    /** All connections break; for so many commits nobody answers. */
    private void outage(Storm storm, Random random) {
        bucket.service().stop();
        storm.awaitMoreCommits(random.nextInt(5, 40), LIMIT);
        bucket.service().resume();
    }

    private void outageLongEnoughToBeSaid(ProgramEngine engine) {
        bucket.service().stop();
        engine.awaitLog(DEGRADED);
        bucket.service().resume();
        engine.awaitLog(HEALTHY);
    }

    private void sample(Restores restores, Map<Long, Long> highestIds) {
        long txid = bucket.replica().newestTxid();
        highestIds.put(txid, DatabaseOracle.assertCommitted(restores.at(txid)));
    }

    /** What history there still is restores, TXID by TXID, to what its files say, and to what was restored before. */
    private void everyTxidIsWhatItWas(ReplicaOracle replica, Restores restores, Map<Long, Long> highestIds) {
        long oldest = replica.entries().stream()
                .filter(file -> file.level() == LtxKeys.BASELINES)
                .mapToLong(ReplicaOracle.Entry::maxTxid)
                .min()
                .orElseThrow();
        List<Long> txids =
                replica.txids().stream().filter(txid -> txid >= oldest).toList();
        for (int i = 0; i < txids.size(); i += Math.max(1, txids.size() / SAMPLES)) {
            long txid = txids.get(i);
            Path restored = restores.at(txid);
            DatabaseOracle.assertSameBytes(replica.imageAt(txid).writeTo(folder.resolve("image.db")), restored);
            long highest = DatabaseOracle.assertCommitted(restored);
            assertThat(highestIds.getOrDefault(txid, highest)).isEqualTo(highest);
        }
    }

    /** A restore in the middle of which the service goes away, and comes back. */
    private void outageDuringARestore(ProgramEngine engine, Path config) throws IOException {
        Path slow = Files.writeString(
                folder.resolve("slow.yml"), Files.readString(config) + "      max-bytes-per-second: 8MB\n");
        Path output = folder.resolve("through-an-outage.db");
        try (Child restore = Child.start(
                RunnelCommand.of("restore", "-config", slow.toString(), "-o", output.toString(), database.toString()),
                Map.of())) {
            Await.until("a part of it is there", LIMIT, () -> {
                try (Stream<Path> files = Files.list(folder)) {
                    return files.map(Path::toString).anyMatch(S3OutageTest::isBegun);
                }
            });
            bucket.service().stop();
            engine.assertAlive();
            bucket.service().resume();
            assertThat(restore.awaitExit(LIMIT)).as(restore.transcript()).isZero();
        }
        DatabaseOracle.assertCommitted(output);
    }

    private static boolean isBegun(String name) {
        return name.contains("through-an-outage.db.") && name.endsWith("-moved");
    }

    private void endsAtTheSource(ProgramEngine engine, Restores restores) throws SqlFailure {
        try (ChildSession session = ChildSession.open(database)) {
            session.run("update s set total = total", "pragma wal_checkpoint(truncate)");
        }
        Path source = DatabaseOracle.copyOf(database, folder.resolve("source.db"));
        Await.until("the newest state in the bucket is the source", LIMIT, () -> {
            engine.assertAlive();
            DatabaseOracle.assertSameBytes(source, restores.latest());
            return true;
        });
        assertThat(engine.stop()).as(engine.log()).isZero();
    }
}
