package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.Body;
import dev.runnel.store.FolderStore;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlSession;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More databases than images are read at a time, each with a replica at a place that takes nothing, and another. */
class HungStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int AT_A_TIME = 8;
    private static final int DATABASES = AT_A_TIME + 2;

    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    Path folder;

    @Test
    void aPlaceThatTakesNothingDoesNotKeepOthersFromTheirBaselines() throws Exception {
        List<DatabaseSpec> specs = new ArrayList<>();
        for (int i = 0; i < DATABASES; i++) {
            specs.add(database("app-" + i + ".db"));
        }
        try (Engine engine = Engine.start(specs, EngineSettings.of(Embedding.EMBEDDED))) {
            Await.until("baselines hang", LIMIT, () -> waiting.get() == AT_A_TIME);
            Await.until(
                    "every other replica has a baseline",
                    LIMIT,
                    () -> engine.status().stream()
                            .noneMatch(database ->
                                    database.replicas().getLast().shipped().isNone()));
            // More only once those that do not move have lost their turn.
            assertThat(waiting.get()).isBetween(AT_A_TIME, DATABASES);
            release.countDown();
            Await.until(
                    "the place has everything, too",
                    LIMIT,
                    () -> engine.status().stream()
                            .noneMatch(database ->
                                    database.replicas().getFirst().shipped().isNone()));
        }
    }

    private DatabaseSpec database(String name) throws Exception {
        Path database = folder.resolve(name);
        try (SqlSession application = JdbcSession.open(database)) {
            application.run("create table t(x)");
        }
        return DatabaseSpec.of(
                database,
                List.of(
                        replica("hung", name, new Hung(store("hung", name))),
                        replica("well", name, store("well", name))));
    }

    private ObjectStore store(String place, String name) {
        return new FolderStore(Disk.system(), folder.resolve(place).resolve(name));
    }

    private ReplicaSpec replica(String place, String name, ObjectStore store) {
        Scratch scratch = Scratch.at(Disk.system(), folder.resolve(place + name + ".index"));
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 1, scratch);
        LtxReplica replica = new LtxReplica(store, LtxKeys.folder(), encoding);
        return new ReplicaSpec(
                place + "/" + name, place, replica, List.of(), ListingIntervals.OFTEN, Set.of(Duty.MAINTENANCE));
    }

    /** Lists what is there, and keeps whoever puts something waiting. */
    private final class Hung extends ForwardingStore {
        Hung(ObjectStore inner) {
            super(inner);
        }

        @Override
        public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
            waiting.incrementAndGet();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException.Unavailable(location(), "PUT " + key, new InterruptedIOException());
            }
            return super.put(key, body, options);
        }
    }
}
