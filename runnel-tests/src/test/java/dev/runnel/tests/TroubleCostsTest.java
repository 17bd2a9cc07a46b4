package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.Engine;
import dev.runnel.engine.EngineSettings;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.FolderStore;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store that takes nothing any more is asked for while a writer goes on. */
class TroubleCostsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int CHANGE_SETS = 100;

    /** Pauses that have not reached the longest one yet: 0.2, 0.4, 0.8 and 1.6 seconds. */
    private static final int FIRST_LOOKS = 5;

    @TempDir
    Path folder;

    @Test
    void aCommitDoesNotMakeAReplicaInTroubleBeListedAgain() throws Exception {
        Path database = folder.resolve("app.db");
        Path replica = folder.resolve("replica");
        FaultyStore faulty = new FaultyStore(new FolderStore(Disk.system(), replica));
        CountingStore store = new CountingStore(faulty);
        try (Application application = Application.start(database).order("before");
                Engine engine = start(database, store)) {
            Await.until("the first is there", LIMIT, () -> !shipped(engine).isEmpty());
            faulty.inject(Fault.always(StoreOperation.PUT, Moment.BEFORE));
            long start = System.nanoTime();
            store.reset();
            long first = newest(engine);
            while (newest(engine) < first + CHANGE_SETS) {
                application.order("while nothing can be put");
            }
            long pauses = (System.nanoTime() - start) / PAUSE.toNanos();
            assertThat(health(engine)).isInstanceOf(Health.Degraded.class);
            assertThat(store.count(StoreOperation.LIST)).isBetween(1L, FIRST_LOOKS + pauses);

            faulty.heal();
            Await.until("it goes on by itself", LIMIT, () -> engine.stop(LIMIT).isEverythingShipped());
        }
    }

    private Engine start(Path database, CountingStore store) throws Exception {
        BaselineEncoding encoding =
                new BaselineEncoding(ForkJoinPool.commonPool(), 2, Scratch.at(Disk.system(), folder.resolve("index")));
        DatabaseSpec.ReplicaSpec replica = new DatabaseSpec.ReplicaSpec(
                "counted",
                new LtxReplica(store, LtxKeys.folder(), encoding),
                List.of(),
                new ListingIntervals(Duration.ofHours(1), Duration.ofHours(1), PAUSE));
        DatabaseSpec usual = DatabaseSpec.of(database, List.of(replica));
        DatabaseSpec spec = new DatabaseSpec(
                usual.path(),
                usual.metaFolder(),
                usual.replicas(),
                Duration.ofMillis(1),
                usual.busyTimeout(),
                usual.attach(),
                usual.journal(),
                usual.checkpoints(),
                usual.walLimit(),
                usual.logLimit(),
                usual.fileSystems());
        return Engine.start(List.of(spec), EngineSettings.of(Embedding.ALONE));
    }

    private static long newest(Engine engine) {
        return engine.status().getFirst().newest().value();
    }

    private static List<Engine.ReplicaStatus> shipped(Engine engine) {
        return engine.status().getFirst().replicas().stream()
                .filter(status -> !status.shipped().isNone())
                .toList();
    }

    private static Health health(Engine engine) {
        return engine.status().getFirst().replicas().getFirst().health();
    }
}
