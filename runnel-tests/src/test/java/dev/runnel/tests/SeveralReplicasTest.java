package dev.runnel.tests;

import static dev.runnel.tests.TwoReplicas.DEAD;
import static dev.runnel.tests.TwoReplicas.LIMIT;
import static dev.runnel.tests.TwoReplicas.awaitShipped;
import static dev.runnel.tests.TwoReplicas.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database with two replicas, of which the second is in trouble: that is its own trouble, and it gets over it. */
@Tag("slow")
class SeveralReplicasTest {
    private static final long SMALL_LOG = 1 << 20;

    @TempDir
    Path folder;

    private TwoReplicas two = new TwoReplicas(Path.of(""));

    @BeforeEach
    void lay() {
        two = new TwoReplicas(folder);
    }

    @Test
    void aDeadReplicaHoldsUpNobodyIsReportedAndCatchesUpFromTheLog() throws Exception {
        try (Application application = Application.start(two.database()).orders(3, "before");
                Engine engine = two.start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
            awaitShipped(engine, 0);
            awaitShipped(engine, 1);
            two.secondStore().inject(DEAD);
            application.order("while the second is dead");
            two.awaitHas(two.first(), application);
            Await.until(
                    "the second is reported", LIMIT, () -> replica(engine, 1).health() instanceof Health.Degraded);
            assertThat(replica(engine, 0).health()).isEqualTo(new Health.Healthy());
            two.secondStore().heal();
            two.awaitHas(two.second(), application);
            assertThat(levels(two.second()))
                    .as("nothing but change sets was needed")
                    .isEqualTo(levels(two.first()));
            Await.until("the second is well", LIMIT, () -> replica(engine, 1).health() instanceof Health.Healthy);
        }
    }

    @Test
    void aReplicaThatIsDeadAtTheStartDoesNotHoldItUp() throws Exception {
        two.secondStore().inject(DEAD);
        try (Application application = Application.start(two.database()).orders(3, "before");
                Engine engine = two.start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
            two.awaitHas(two.first(), application);
            two.secondStore().heal();
            two.awaitHas(two.second(), application);
            assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
        }
    }

    @Test
    void aReplicaThatLagsBeyondTheLogIsBroughtUpByOneFileOfDifferences() throws Exception {
        try (Application application = Application.start(two.database()).bulk(3000);
                Engine engine = two.start(SMALL_LOG)) {
            awaitShipped(engine, 1);
            long lags = new ReplicaOracle(two.second()).newestTxid();
            two.secondStore().inject(DEAD);
            for (int i = 0; i < 9; i++) {
                application.bulk(700);
                two.awaitHas(two.first(), application);
            }
            assertThat(sizeOf(two.metaFolder().resolve("log"))).isLessThan(4 * SMALL_LOG);
            two.secondStore().heal();
            two.awaitHas(two.second(), application);
            List<ReplicaOracle.Entry> since = new ReplicaOracle(two.second())
                    .entries().stream().filter(file -> file.maxTxid() > lags).toList();
            assertThat(since).anyMatch(file -> file.level() == 1 && file.maxTxid() > file.minTxid());
            assertThat(since).noneMatch(file -> file.level() == 9);
        }
    }

    @Test
    void inTheLayoutOfLitestream03ThatTakesNoSnapshotEither() throws Exception {
        try (Application application = Application.start(two.database()).bulk(3000);
                Engine engine = two.startWithGenerations(SMALL_LOG)) {
            awaitShipped(engine, 1);
            Txid lags = replica(engine, 1).shipped();
            two.secondStore().inject(DEAD);
            for (int i = 0; i < 9; i++) {
                application.bulk(700);
                two.awaitHas(two.first(), application);
            }
            two.secondStore().heal();
            awaitShipped(engine, 1);
            assertThat(application.orders())
                    .isEqualTo(Application.ordersIn(new Restores(two.second(), folder).latest()));
            List<Generation> written = new GenerationCatalogue(two.secondStore(), GenerationKeys.DEFAULT).list();
            assertThat(written).hasSize(1);
            assertThat(written.getFirst().snapshots()).hasSize(1);
            assertThatExceptionOfType(ReplicaException.NotReachable.class)
                    .isThrownBy(() -> two.generations().plan(new RestoreTarget.AtTxid(lags.next())))
                    .withMessageContaining("was shipped together with others; nearest restorable: TXID " + lags);
        }
    }

    /** The machine comes back with an old state of everything that is local, while a replica that knows better is dead. */
    @Test
    void aReplicaThatTurnsOutLaterToKnowMoreHasTheHistoryGoOnAboveIt() throws Exception {
        try (Application application = Application.start(two.database()).orders(3, "before")) {
            try (Engine engine = two.start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
                two.awaitHas(two.second(), application);
                // A TXID each, so that the new history does not reach as far before it is looked at.
                for (int i = 0; i < 4; i++) {
                    application.order("more");
                    two.awaitHas(two.second(), application);
                }
                engine.stop(LIMIT);
            }
            long known = new ReplicaOracle(two.second()).newestTxid();
            Scene.deleteTree(two.first());
            Scene.deleteTree(two.metaFolder());
            two.secondStore().inject(DEAD);
            try (Engine engine = two.start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
                two.awaitHas(two.first(), application);
                two.secondStore().heal();
                application.order("after it came back");
                two.awaitHas(two.second(), application);
                two.awaitHas(two.first(), application);
                Await.until(
                        "the first goes on above it", LIMIT, () -> new ReplicaOracle(two.first()).newestTxid() > known);
                assertThat(replica(engine, 1).health()).isEqualTo(new Health.Healthy());
            }
        }
    }

    private static List<Integer> levels(Path replica) {
        return new ReplicaOracle(replica)
                .entries().stream()
                        .map(ReplicaOracle.Entry::level)
                        .distinct()
                        .sorted()
                        .toList();
    }

    private static long sizeOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
