package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.s3.S3Clients;
import dev.runnel.s3.S3Settings;
import dev.runnel.s3.S3Store;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of Runnel in the middle of an upload in parts, which a limit keeps slow. */
@Tag("slow")
class S3UploadKillTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int MEGABYTES = 24;
    private static final Duration A_DAY_AND_MORE = Duration.ofHours(25);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private Path database = Path.of("");
    private Bucket bucket;

    @BeforeEach
    void makeDatabase() throws SqlFailure {
        database = folder.resolve("app.db");
        bucket = new Bucket(database);
        try (JdbcSession session = JdbcSession.open(database)) {
            session.run(
                    "pragma journal_mode=wal",
                    "create table t(x)",
                    "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + MEGABYTES + ")"
                            + " insert into t select randomblob(1000000) from n",
                    "pragma wal_checkpoint(truncate)");
        }
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @Test
    void nothingIsHalfThereAndTheNextStartCompletesIt() throws SqlFailure, StoreException {
        Path source = DatabaseOracle.copyOf(database, folder.resolve("source.db"));
        killInTheMiddle();

        assertThat(bucket.replica().entries()).noneMatch(file -> file.level() == LtxKeys.BASELINES);
        assertThat(restoreStatus()).isEqualTo(1);

        Path config = bucket.configure();
        try (ProgramEngine engine = bucket.start(config).awaitHistory()) {
            assertThat(engine.stop()).as(engine.log()).isZero();
        }
        Restores restores = Restores.configured(config, database);
        DatabaseOracle.assertSameBytes(source, restores.latest());
        takesBackWhatIsLeft();
        DatabaseOracle.assertSameBytes(source, restores.latest());
    }

    private void killInTheMiddle() {
        Path slow = bucket.configure("max-bytes-per-second: 4MB");
        try (ProgramEngine engine = bucket.start(slow)) {
            Await.until("two parts are there", LIMIT, () -> {
                engine.assertAlive();
                return bucket.service().unfinishedParts(Bucket.NAME) >= 2;
            });
            engine.kill9();
        }
    }

    private int restoreStatus() {
        try (Child restore = Child.start(
                RunnelCommand.of("restore", "-o", folder.resolve("half.db").toString(), bucket.url()),
                Bucket.environment())) {
            return restore.awaitExit(LIMIT);
        }
    }

    /** It is not seen, but it costs, until a start a day later takes it back. */
    private void takesBackWhatIsLeft() throws StoreException {
        List<ReplicaOracle.Entry> before = bucket.replica().entries();
        try (S3Clients clients = new S3Clients(Bucket.environment())) {
            S3Store store = new S3Store(clients, S3Settings.of(S3Settings.optionsOf(bucket.url())));
            store.removeLeftovers(Instant.now(), LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS)::isFile);
            assertThat(bucket.service().unfinishedParts(Bucket.NAME)).isPositive();
            store.removeLeftovers(
                    Instant.now().plus(A_DAY_AND_MORE), LtxKeys.of("%04x/", ListedTimes.OF_UPLOADS)::isFile);
        }
        assertThat(bucket.service().unfinishedParts(Bucket.NAME)).isZero();
        assertThat(bucket.replica().entries()).isEqualTo(before);
    }
}
