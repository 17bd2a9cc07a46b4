package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SparseDatabase;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one database does on the threads that all of them share. */
@Tag("slow")
final class DiskLaneTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_BUDGET = Duration.ofSeconds(5);

    /** More than there are threads in the lane when nothing hangs. */
    private static final int HANGING = Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16) + 1;

    private static final int PLACE_SHARE = 8;
    private static final int COMMITS = 5;

    private final Map<String, MemoryStore> stores = new TreeMap<>();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);

    @TempDir
    Path folder;

    @BeforeEach
    void requireShell() {
        ShellSession.assumeProgram();
    }

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void i45ReadBacksThatHangHoldUpNoOtherDatabase() throws Exception {
        List<Path> databases = new ArrayList<>();
        for (int i = 0; i <= HANGING; i++) {
            databases.add(database("app-" + i));
        }
        try (Engine engine = Engine.start(specs(databases, false), EngineSettings.of(Embedding.ALONE))) {
            Await.until("all is shipped", LIMIT, () -> engine.status().stream().allMatch(DiskLaneTest::isShipped));
            assertThat(engine.stop(LIMIT).isEverythingShipped()).isTrue();
        }
        for (Path database : databases.subList(0, HANGING)) {
            run(database, "insert into t values('while Runnel was down')");
            delete(DatabaseSpec.defaultMetaFolder(database));
        }
        try (Engine engine = Engine.start(specs(databases, true), EngineSettings.of(Embedding.ALONE))) {
            Await.until("the read-backs hang", LIMIT, () -> hanging.size() == HANGING);
            for (int i = 0; i < COMMITS; i++) {
                Txid before = engine.status().getLast().newest();
                run(databases.getLast(), "insert into t values('quick')");
                Await.until("a commit of the other database is shipped", LIMIT, () -> {
                    DatabaseStatus quick = engine.status().getLast();
                    return quick.newest().isAfter(before) && isShipped(quick);
                });
            }
            Await.until(
                    "the others say what they do",
                    LIMIT,
                    () -> engine.status().stream()
                            .limit(HANGING)
                            .allMatch(status -> status.health() instanceof Health.Working(String reason, String _)
                                    && reason.contains("reading back")));
            assertThat(engine.longestDiskTask()).isLessThan(STOP_BUDGET);
            List<String> behind = engine.stop(STOP_BUDGET).behind();
            assertThat(behind).anyMatch(what -> what.contains("app-0")).noneMatch(what -> what.contains("quick"));
        }
    }

    @Test
    void i45TheScanOfALargeFileIsCutIntoSteps() throws Exception {
        Path large = SparseDatabase.createAcrossLockPage(folder.resolve("large.db"), 4096);
        long begun = System.nanoTime();
        try (Engine engine =
                Engine.start(List.of(DatabaseSpec.of(large, List.of())), EngineSettings.of(Embedding.ALONE))) {
            Await.until(
                    "there is a history",
                    LIMIT,
                    () -> !engine.status().getFirst().newest().isNone());
            Duration total = Duration.ofNanos(System.nanoTime() - begun);
            System.out.printf(
                    "a scan of 1 GiB took %d ms, the longest disk task %d ms%n",
                    total.toMillis(), engine.longestDiskTask().toMillis());
            assertThat(engine.longestDiskTask()).isLessThan(total.dividedBy(3));
        }
    }

    @Test
    void i45DatabasesThatWereDeletedHoldNoPermits() throws Exception {
        List<DatabaseSpec> specs = new ArrayList<>();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        for (int i = 0; i <= PLACE_SHARE; i++) {
            String name = "app-" + i;
            ObjectStore late = new Late(store(name + "-late"), i < PLACE_SHARE ? first : last);
            specs.add(DatabaseSpec.of(
                    database(name),
                    List.of(
                            replica(name + "-here", "here", store(name + "-here")),
                            replica(name + "-late", "late", late))));
        }
        try (Engine engine = Engine.start(specs, EngineSettings.of(Embedding.ALONE))) {
            Await.until(
                    "one replica of each has everything",
                    LIMIT,
                    () -> engine.status().stream()
                            .noneMatch(status ->
                                    status.replicas().getFirst().shipped().isNone()));
            for (DatabaseSpec spec : specs.subList(0, PLACE_SHARE)) {
                Files.delete(spec.path());
                Files.deleteIfExists(spec.path().resolveSibling(spec.path().getFileName() + "-wal"));
                Files.deleteIfExists(spec.path().resolveSibling(spec.path().getFileName() + "-shm"));
            }
            Await.until(
                    "they are missed",
                    LIMIT,
                    () -> engine.status().stream()
                            .limit(PLACE_SHARE)
                            .allMatch(status -> status.health() instanceof Health.Waiting));
            first.countDown();
            Await.until(
                    "their other replicas say that they cannot have a snapshot",
                    LIMIT,
                    () -> engine.status().stream()
                            .limit(PLACE_SHARE)
                            .allMatch(status -> status.replicas().getLast().health() instanceof Health.Degraded));
            last.countDown();
            Await.until(
                    "the last one gets its snapshot",
                    LIMIT,
                    () -> isShipped(engine.status().getLast()));
        } finally {
            first.countDown();
            last.countDown();
        }
    }

    private static boolean isShipped(DatabaseStatus status) {
        return !status.newest().isNone()
                && status.replicas().stream()
                        .allMatch(replica -> replica.shipped().compareTo(status.newest()) >= 0);
    }

    private Path database(String name) throws SqlFailure {
        Path database = folder.resolve(name + ".db");
        run(database, "pragma journal_mode=wal", "create table t(a)", "insert into t values('before')");
        return database;
    }

    private static void run(Path database, String... statements) throws SqlFailure {
        try (SqlSession session = ShellSession.open(database)) {
            session.run(statements);
        }
    }

    private List<DatabaseSpec> specs(List<Path> databases, boolean hang) {
        List<DatabaseSpec> specs = new ArrayList<>();
        for (int i = 0; i < databases.size(); i++) {
            String name = "replica-" + i;
            ObjectStore store = hang && i < HANGING ? new HangingReadBack(store(name), name) : store(name);
            specs.add(DatabaseSpec.of(databases.get(i), List.of(replica(name, "place " + i, store))));
        }
        return specs;
    }

    private MemoryStore store(String name) {
        return stores.computeIfAbsent(name, _ -> new MemoryStore(Clock.system()));
    }

    private ReplicaSpec replica(String name, String place, ObjectStore store) {
        Scratch scratch = Scratch.at(Disk.system(), folder.resolve(name + ".index"));
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 1, scratch);
        return new ReplicaSpec(
                name,
                place,
                new LtxReplica(store, LtxKeys.folder(), encoding),
                List.of(),
                ListingIntervals.OFTEN,
                Set.of(Duty.MAINTENANCE));
    }

    private static void delete(Path tree) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("rm", "-rf", tree.toString()).start().waitFor())
                .isZero();
    }

    /** Answers what is asked about it, and sends nothing when all of it is to be read. */
    private final class HangingReadBack extends ForwardingStore {
        private final String name;

        HangingReadBack(ObjectStore inner, String name) {
            super(inner);
            this.name = name;
        }

        @Override
        public InputStream open(String key, ByteRange range) throws StoreException {
            boolean isReadBack = StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().endsWith(".ReadBack")));
            if (isReadBack) {
                hanging.add(name);
                await(release, location(), key);
            }
            return super.open(key, range);
        }
    }

    /** Lists nothing until it is told to. */
    private static final class Late extends ForwardingStore {
        private final CountDownLatch until;

        Late(ObjectStore inner, CountDownLatch until) {
            super(inner);
            this.until = until;
        }

        @Override
        public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
            await(until, location(), prefix);
            return super.list(prefix, after);
        }
    }

    private static void await(CountDownLatch latch, String location, String what) throws StoreException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable(location, what, new InterruptedIOException("interrupted"));
        }
    }
}
