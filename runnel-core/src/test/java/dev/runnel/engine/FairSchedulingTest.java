package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ShutdownReport;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.sqlite.Embedding;
import dev.runnel.store.Body;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.Await;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.ShellSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand databases in one engine, of which fifty fail, in ten ways at the same time. Databases and meta folders are files,
 * in memory where there is a place for that; the stores are in memory. {@code -Drunnel.fleet=N} sets how many there are.
 */
@Tag("slow")
final class FairSchedulingTest {
    private static final int DATABASES = Integer.getInteger("runnel.fleet", 200);
    private static final int OF_EACH_KIND = Math.max(1, DATABASES / 200);
    private static final int ASKED_AGAIN = 40;

    /** Of the first snapshots of all of them. */
    private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(3);

    /** From a commit to the replica. */
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(20);

    private static final Duration LONGEST_DISK_TASK = Duration.ofSeconds(5);
    private static final Duration STOP_BUDGET = Duration.ofSeconds(20);
    private static final Path MEMORY = Path.of("/dev/shm");

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> replacing = new ArrayList<>();

    @TempDir
    Path slow;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "runnel-fleet-") : slow;
    }

    @AfterEach
    void clean() throws Exception {
        release.countDown();
        over.set(true);
        for (Thread thread : replacing) {
            assertThat(thread.join(COMMIT_LIMIT)).isTrue();
        }
        new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    }

    /** The ways to fail. */
    private enum Fault {
        MISSING,
        A_FOLDER,
        NOT_A_DATABASE,
        REPLACED_AGAIN_AND_AGAIN,
        FULL_META_FOLDER,
        DAMAGED_LEDGER,
        HANGS_ON_PUT,
        HANGS_ON_LIST,
        REFUSES,
        THROWS_ERRORS
    }

    @Test
    void i45FiftyDatabasesThatFailInTenWaysKeepNoneOfTheOthersWaiting() throws Exception {
        Path template = makeTemplate();
        List<DatabaseSpec> well = new ArrayList<>();
        List<DatabaseSpec> failing = new ArrayList<>();
        for (int i = 0; i < OF_EACH_KIND; i++) {
            for (Fault fault : Fault.values()) {
                failing.add(failing(fault, i, template));
            }
        }
        for (int i = failing.size(); i < DATABASES; i++) {
            Path database = Files.copy(template, folder.resolve("well-" + i + ".db"));
            well.add(spec(database, new MemoryStore(Clock.system())));
        }
        List<DatabaseSpec> all = new ArrayList<>(failing);
        all.addAll(well);
        long begun = System.nanoTime();
        try (Engine engine = Engine.start(all, EngineSettings.of(Embedding.ALONE))) {
            awaitShipped(engine, well, Txid.NONE, SNAPSHOT_LIMIT);
            System.out.printf(
                    "%d databases, %d of them failing: all other first snapshots after %d ms, longest disk task %d ms%n",
                    all.size(),
                    failing.size(),
                    (System.nanoTime() - begun) / 1_000_000,
                    engine.longestDiskTask().toMillis());
            for (int i = 0; i < well.size(); i += Math.max(1, well.size() / ASKED_AGAIN)) {
                commitIsShipped(engine, well.get(i));
            }
            failingOnesSaySo(engine, failing);
            assertThat(engine.longestDiskTask()).isLessThan(LONGEST_DISK_TASK);

            long stopping = System.nanoTime();
            ShutdownReport report = engine.stop(STOP_BUDGET);
            assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(STOP_BUDGET.multipliedBy(2));
            assertThat(report.behind()).isNotEmpty().noneMatch(what -> what.contains("well-"));
            assertThat(report.behind()).noneMatch(what -> what.contains("Thread was interrupted"));
        }
    }

    private static void failingOnesSaySo(Engine engine, List<DatabaseSpec> failing) {
        for (DatabaseSpec spec : failing) {
            if (spec.path().toString().contains(Fault.DAMAGED_LEDGER.name())
                    || spec.path().toString().contains(Fault.REPLACED_AGAIN_AND_AGAIN.name())) {
                continue;
            }
            Await.until(spec.path() + " says what is wrong", COMMIT_LIMIT, () -> {
                DatabaseStatus status = status(engine, spec);
                boolean isWell = status.health() instanceof Health.Healthy
                        && status.replicas().getFirst().health() instanceof Health.Healthy;
                return !isWell;
            });
        }
    }

    private Path makeTemplate() throws SqlFailure {
        Path template = folder.resolve("template");
        try (SqlSession session = JdbcSession.open(template)) {
            session.run("pragma journal_mode=wal", "create table t(a)", "insert into t values(zeroblob(3000))");
        }
        return template;
    }

    private DatabaseSpec failing(Fault fault, int number, Path template) throws IOException {
        Path database = folder.resolve(fault + "-" + number + ".db");
        ObjectStore store = new MemoryStore(Clock.system());
        Path meta = DatabaseSpec.defaultMetaFolder(database);
        if (fault != Fault.MISSING && fault != Fault.A_FOLDER) {
            Files.copy(template, database);
        }
        switch (fault) {
            case MISSING -> {}
            case A_FOLDER -> Files.createDirectory(database);
            case NOT_A_DATABASE -> Files.write(database, new byte[8192]);
            case REPLACED_AGAIN_AND_AGAIN -> replace(database, template);
            case FULL_META_FOLDER -> {
                Files.createDirectory(meta);
                Files.createSymbolicLink(meta.resolve("lock"), Path.of("/dev/full"));
            }
            case DAMAGED_LEDGER -> {
                Files.createDirectory(meta);
                Files.write(meta.resolve("ledger"), new byte[5000]);
                Files.write(meta.resolve("log"), new byte[10]);
            }
            case HANGS_ON_PUT -> store = new Faulty(store, true, this::hang);
            case HANGS_ON_LIST -> store = new Faulty(store, false, this::hang);
            case REFUSES -> store = new Faulty(store, true, FairSchedulingTest::refuse);
            case THROWS_ERRORS -> store = new Faulty(store, number % 2 == 0, FairSchedulingTest::throwError);
        }
        return spec(database, store);
    }

    private void replace(Path database, Path template) {
        replacing.add(Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    Path next = database.resolveSibling(database.getFileName() + ".next");
                    Files.copy(template, next, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(next, database, StandardCopyOption.ATOMIC_MOVE);
                    if (release.await(30, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }));
    }

    /** All go to one location, so that they share its permits. */
    private DatabaseSpec spec(Path database, ObjectStore store) {
        Scratch scratch = Scratch.at(Disk.system(), database.resolveSibling(database.getFileName() + ".index"));
        LtxReplica replica =
                new LtxReplica(store, LtxKeys.folder(), new BaselineEncoding(ForkJoinPool.commonPool(), 1, scratch));
        return DatabaseSpec.of(
                database,
                List.of(new DatabaseSpec.ReplicaSpec(
                        "replica",
                        "folders",
                        replica,
                        List.of(),
                        DatabaseSpec.ListingIntervals.OFTEN,
                        Set.of(DatabaseSpec.Duty.MAINTENANCE))));
    }

    private static void commitIsShipped(Engine engine, DatabaseSpec spec) throws SqlFailure {
        Txid before = status(engine, spec).newest();
        try (SqlSession session = ShellSession.open(spec.path())) {
            session.run("insert into t values('one more')");
        }
        awaitShipped(engine, List.of(spec), before, COMMIT_LIMIT);
    }

    private static void awaitShipped(Engine engine, List<DatabaseSpec> specs, Txid after, Duration limit) {
        List<DatabaseSpec> missing = new ArrayList<>(specs);
        try {
            Await.until("everything is shipped", limit, () -> {
                List<DatabaseStatus> status = engine.status();
                missing.removeIf(spec -> status.stream()
                        .filter(found -> found.path().equals(spec.path()))
                        .allMatch(found -> found.replicas().getFirst().shipped().isAfter(after)));
                return missing.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    missing.size() + " of " + specs.size() + " are not, as " + status(engine, missing.getFirst()), e);
        }
    }

    private static DatabaseStatus status(Engine engine, DatabaseSpec spec) {
        return engine.status().stream()
                .filter(status -> status.path().equals(spec.path()))
                .findFirst()
                .orElseThrow();
    }

    private void hang(String what) throws StoreException {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException.Unavailable("memory", what, new InterruptedIOException("Thread was interrupted"));
        }
    }

    private static void refuse(String what) throws StoreException {
        throw new StoreException.Unavailable("memory", what, new IOException("refused by the test"));
    }

    private static void throwError(String what) {
        throw new NoClassDefFoundError("made by the test: " + what);
    }

    @FunctionalInterface
    private interface Failing {
        void run(String what) throws StoreException;
    }

    /** Fails when something is put, or when something is listed. */
    private static final class Faulty extends ForwardingStore {
        private final boolean onPut;
        private final Failing failing;

        Faulty(ObjectStore inner, boolean onPut, Failing failing) {
            super(inner);
            this.onPut = onPut;
            this.failing = failing;
        }

        @Override
        public ObjectInfo put(String key, Body body, PutOptions options) throws StoreException {
            if (onPut) {
                failing.run("PUT " + key);
            }
            return super.put(key, body, options);
        }

        @Override
        public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
            if (!onPut) {
                failing.run("LIST " + prefix);
            }
            return super.list(prefix, after);
        }
    }
}
