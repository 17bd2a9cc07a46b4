package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.FolderReplica;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database with two replicas, of which the second is in trouble: that is its own trouble, and it gets over it. */
class SeveralReplicasTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Fault DEAD = new Fault(Set.of(StoreOperation.values()), Moment.BEFORE, 1, Long.MAX_VALUE);
    private static final long SMALL_LOG = 1 << 20;

    @TempDir
    Path folder;

    private Path database = Path.of("");
    private Path first = Path.of("");
    private Path second = Path.of("");
    private FaultyStore secondStore = new FaultyStore(new FolderStore(Disk.system(), Path.of("")));

    @BeforeEach
    void lay() {
        database = folder.resolve("app.db");
        first = folder.resolve("first");
        second = folder.resolve("second");
        secondStore = new FaultyStore(new FolderStore(Disk.system(), second));
    }

    @Test
    void aDeadReplicaHoldsUpNobodyIsReportedAndCatchesUpFromTheLog() throws Exception {
        try (Application application = Application.start(database).orders(3, "before");
                Engine engine = start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
            awaitShipped(engine, 0);
            awaitShipped(engine, 1);
            secondStore.inject(DEAD);
            application.order("while the second is dead");
            awaitHas(first, application);
            Await.until(
                    "the second is reported", LIMIT, () -> replica(engine, 1).health() instanceof Health.Degraded);
            assertThat(replica(engine, 0).health()).isEqualTo(new Health.Healthy());
            secondStore.heal();
            awaitHas(second, application);
            assertThat(levels(second)).as("nothing but change sets was needed").isEqualTo(levels(first));
            Await.until("the second is well", LIMIT, () -> replica(engine, 1).health() instanceof Health.Healthy);
        }
    }

    @Test
    void aReplicaThatIsDeadAtTheStartDoesNotHoldItUp() throws Exception {
        secondStore.inject(DEAD);
        try (Application application = Application.start(database).orders(3, "before");
                Engine engine = start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
            awaitHas(first, application);
            secondStore.heal();
            awaitHas(second, application);
            assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
        }
    }

    @Test
    void aReplicaThatLagsBeyondTheLogIsBroughtUpByOneFileOfDifferences() throws Exception {
        try (Application application = Application.start(database).bulk(3000);
                Engine engine = start(SMALL_LOG)) {
            awaitShipped(engine, 1);
            long lags = new ReplicaOracle(second).newestTxid();
            secondStore.inject(DEAD);
            for (int i = 0; i < 9; i++) {
                application.bulk(700);
                awaitHas(first, application);
            }
            assertThat(sizeOf(folder.resolve(".app.db-runnel").resolve("log"))).isLessThan(4 * SMALL_LOG);
            secondStore.heal();
            awaitHas(second, application);
            List<ReplicaOracle.Entry> since = new ReplicaOracle(second)
                    .entries().stream().filter(file -> file.maxTxid() > lags).toList();
            assertThat(since).anyMatch(file -> file.level() == 1 && file.maxTxid() > file.minTxid());
            assertThat(since).noneMatch(file -> file.level() == 9);
        }
    }

    @Test
    void inTheLayoutOfLitestream03ThatTakesNoSnapshotEither() throws Exception {
        Replica generations = new GenerationsReplica(
                secondStore,
                GenerationKeys.DEFAULT,
                Scratch.at(Disk.system(), folder.resolve("reading")),
                Scratch.at(Disk.system(), folder.resolve("writing")),
                GenerationsPolicy.DEFAULT,
                Clock.system());
        DatabaseSpec.ReplicaSpec lagging =
                new DatabaseSpec.ReplicaSpec(second.toString(), generations, List.of(), DatabaseSpec.Looks.OFTEN);
        try (Application application = Application.start(database).bulk(3000);
                Engine engine = start(SMALL_LOG, lagging)) {
            awaitShipped(engine, 1);
            Txid lags = replica(engine, 1).shipped();
            secondStore.inject(DEAD);
            for (int i = 0; i < 9; i++) {
                application.bulk(700);
                awaitHas(first, application);
            }
            secondStore.heal();
            awaitShipped(engine, 1);
            assertThat(application.orders()).isEqualTo(Application.ordersIn(new Restores(second, folder).latest()));
            List<Generation> written = new GenerationCatalogue(secondStore, GenerationKeys.DEFAULT).list();
            assertThat(written).hasSize(1);
            assertThat(written.getFirst().snapshots()).hasSize(1);
            assertThatExceptionOfType(ReplicaException.NotReachable.class)
                    .isThrownBy(() -> generations.plan(new RestoreTarget.AtTxid(lags.next())))
                    .withMessageContaining("was shipped together with others; nearest restorable: TXID " + lags);
        }
    }

    /** The machine comes back with an old state of everything that is local, while a replica that knows better is dead. */
    @Test
    void aReplicaThatTurnsOutLaterToKnowMoreHasTheHistoryGoOnAboveIt() throws Exception {
        try (Application application = Application.start(database).orders(3, "before")) {
            try (Engine engine = start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
                awaitHas(second, application);
                // A TXID each, so that the new history does not reach as far before it is looked at.
                for (int i = 0; i < 4; i++) {
                    application.order("more");
                    awaitHas(second, application);
                }
                engine.stop(LIMIT);
            }
            long known = new ReplicaOracle(second).newestTxid();
            Scene.deleteTree(first);
            Scene.deleteTree(folder.resolve(".app.db-runnel"));
            secondStore.inject(DEAD);
            try (Engine engine = start(DatabaseSpec.DEFAULT_LOG_LIMIT)) {
                awaitHas(first, application);
                secondStore.heal();
                application.order("after it came back");
                awaitHas(second, application);
                awaitHas(first, application);
                Await.until("the first goes on above it", LIMIT, () -> new ReplicaOracle(first).newestTxid() > known);
                assertThat(replica(engine, 1).health()).isEqualTo(new Health.Healthy());
            }
        }
    }

    private Engine start(long logLimit) throws IOException {
        return start(logLimit, spec(second, secondStore));
    }

    private Engine start(long logLimit, DatabaseSpec.ReplicaSpec other) throws IOException {
        DatabaseSpec usual =
                DatabaseSpec.of(database, List.of(spec(first, new FolderStore(Disk.system(), first)), other));
        DatabaseSpec spec = new DatabaseSpec(
                usual.path(),
                usual.metaFolder(),
                usual.replicas(),
                Duration.ofMillis(50),
                usual.busyTimeout(),
                usual.attach(),
                usual.journal(),
                usual.checkpoints(),
                usual.walLimit(),
                logLimit);
        return Engine.start(List.of(spec), Embedding.ALONE);
    }

    private static DatabaseSpec.ReplicaSpec spec(Path folder, ObjectStore store) {
        Path index = folder.resolveSibling(folder.getFileName() + ".index");
        BaselineEncoding encoding =
                new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.at(Disk.system(), index));
        return new DatabaseSpec.ReplicaSpec(
                folder.toString(),
                new LtxReplica(store, LtxKeys.folder(), encoding),
                FolderReplica.folders(folder),
                DatabaseSpec.Looks.OFTEN);
    }

    private static Engine.ReplicaStatus replica(Engine engine, int number) {
        return engine.status().getFirst().replicas().get(number);
    }

    private static void awaitShipped(Engine engine, int number) {
        Await.until("replica " + number + " has everything", LIMIT, () -> {
            Txid newest = engine.status().getFirst().newest();
            return !newest.isNone() && replica(engine, number).shipped().compareTo(newest) >= 0;
        });
    }

    /** Waits until a replica restores to what the application has. */
    private void awaitHas(Path replica, Application application) throws SqlFailure {
        List<String> orders = application.orders();
        Path restored = folder.resolve("restored.db");
        Await.until(replica + " has all " + orders.size() + " orders", LIMIT, () -> {
            ReplicaOracle oracle = new ReplicaOracle(replica);
            if (oracle.entries().isEmpty()) {
                return false;
            }
            oracle.imageAt(oracle.newestTxid()).writeTo(restored);
            return Application.ordersIn(restored).equals(orders);
        });
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
