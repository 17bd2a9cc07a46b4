package dev.runnel.tests;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsPolicy;
import dev.runnel.replica.generations.GenerationsReplica;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;

/** A database with two replicas in folders, each of which can be dead for a while. */
final class TwoReplicas {
    static final Duration LIMIT = Duration.ofSeconds(30);
    static final Fault DEAD = new Fault(Set.of(StoreOperation.values()), Moment.BEFORE, 1, Long.MAX_VALUE);

    private static final DatabaseSpec.ListingIntervals LOOKS =
            new DatabaseSpec.ListingIntervals(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(1));

    private final Path folder;
    private LtxPolicy policy = LtxPolicy.DEFAULT;
    private final FaultyStore firstStore;
    private final FaultyStore secondStore;

    TwoReplicas(Path folder) {
        this.folder = folder;
        this.firstStore = new FaultyStore(new FolderStore(Disk.system(), first()));
        this.secondStore = new FaultyStore(new FolderStore(Disk.system(), second()));
    }

    Path database() {
        return folder.resolve("app.db");
    }

    Path metaFolder() {
        return DatabaseSpec.defaultMetaFolder(database());
    }

    Path first() {
        return folder.resolve("first");
    }

    Path second() {
        return folder.resolve("second");
    }

    FaultyStore firstStore() {
        return firstStore;
    }

    FaultyStore secondStore() {
        return secondStore;
    }

    /** What is started from now on merges all the time. */
    void mergeAtOnce() {
        policy = new LtxPolicy(
                policy.baselineInterval(),
                policy.retention(),
                policy.changeSetRetention(),
                policy.removalInterval(),
                List.of(Duration.ofMillis(100)),
                policy.ages());
    }

    /** Starts with both in the {@code ltx} layout. */
    Engine start(long logLimit) throws IOException {
        return start(logLimit, ltx(second(), secondStore));
    }

    /** Starts with the second in the {@code generations} layout. */
    Engine startWithGenerations(long logLimit) throws IOException {
        return start(logLimit, new DatabaseSpec.ReplicaSpec(second().toString(), generations(), List.of(), LOOKS));
    }

    GenerationsReplica generations() {
        return new GenerationsReplica(
                secondStore,
                GenerationKeys.DEFAULT,
                Scratch.at(Disk.system(), folder.resolve("reading")),
                Scratch.at(Disk.system(), folder.resolve("writing")),
                GenerationsPolicy.DEFAULT,
                Clock.system());
    }

    private Engine start(long logLimit, DatabaseSpec.ReplicaSpec other) throws IOException {
        DatabaseSpec usual = DatabaseSpec.of(database(), List.of(ltx(first(), firstStore), other));
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
                logLimit,
                usual.fileSystems());
        return Engine.start(List.of(spec), EngineSettings.of(Embedding.ALONE));
    }

    private DatabaseSpec.ReplicaSpec ltx(Path folder, ObjectStore store) {
        Path index = folder.resolveSibling(folder.getFileName() + ".index");
        BaselineEncoding encoding =
                new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.at(Disk.system(), index));
        return new DatabaseSpec.ReplicaSpec(
                folder.toString(),
                new LtxReplica(store, LtxKeys.folder(), encoding, policy, Clock.system()),
                LtxKeys.folder().below(folder),
                LOOKS);
    }

    static Engine.ReplicaStatus replica(Engine engine, int number) {
        return engine.status().getFirst().replicas().get(number);
    }

    static void awaitShipped(Engine engine, int number) {
        Await.until("replica " + number + " has everything", LIMIT, () -> {
            Txid newest = engine.status().getFirst().newest();
            return !newest.isNone() && replica(engine, number).shipped().compareTo(newest) >= 0;
        });
    }

    /** Waits until a replica in the {@code ltx} layout restores to what the application has. */
    void awaitHas(Path replica, Application application) throws SqlFailure {
        List<String> orders = application.orders();
        Await.until(replica + " has all " + orders.size() + " orders", LIMIT, () -> {
            ReplicaOracle oracle = new ReplicaOracle(replica);
            return !oracle.entries().isEmpty()
                    && ordersAt(replica, oracle.newestTxid()).equals(orders);
        });
    }

    /** What the application had at a TXID, from a replica in the {@code ltx} layout. */
    List<String> ordersAt(Path replica, long txid) {
        Path restored = folder.resolve("restored.db");
        new ReplicaOracle(replica).imageAt(txid).writeTo(restored);
        return Application.ordersIn(restored);
    }
}
