package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.Threads;
import dev.runnel.sqlite.Descriptors;
import dev.runnel.sqlite.SqliteLibrary;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows databases and keeps their replicas. Starting never fails because of a database or a replica: each has a
 * health of its own, and its failure does not affect the others.
 */
public final class Engine implements Closeable {
    /** Upper bound for a failure during shutdown. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

    private static final Duration LAST_MOMENTS = Duration.ofSeconds(5);

    private final Threads threads;
    private final EngineResources resources;
    private final List<DatabaseActor> databases = new ArrayList<>();
    private final List<Loop> databaseLoops = new ArrayList<>();
    private final Map<ReplicaActor, Loop> replicaLoops = new LinkedHashMap<>();

    /** How one database is doing. */
    public record DatabaseStatus(
            Path path, Health health, Txid newest, List<ReplicaStatus> replicas, Activity activity) {}

    /** How one replica is doing; history there is complete up to {@code shipped}. */
    public record ReplicaStatus(String name, Health health, Txid shipped) {}

    /**
     * The outcome of a stop.
     *
     * @param behind the databases that were not captured to the end and the replicas that do not have everything, with the
     *     reason
     */
    public record ShutdownReport(List<String> behind) {
        public boolean isEverythingShipped() {
            return behind.isEmpty();
        }
    }

    private Engine(EngineSettings settings) {
        this.threads = settings.loops().map(Threads::waitingOn).orElseGet(Threads::system);
        Clock clock = settings.clock();
        this.resources = new EngineResources(
                Disk.system(),
                clock,
                threads,
                new FolderEvents(settings.folders()),
                Entropy.system(),
                new Descriptors(settings.embedding()),
                ImagePermits.ofThisProcess(clock),
                settings.listener());
    }

    /** Starts to follow databases. */
    public static Engine start(List<DatabaseSpec> specs, EngineSettings settings) throws IOException {
        SqliteLibrary.requireSound();
        Engine engine = new Engine(settings);
        for (DatabaseSpec spec : specs) {
            engine.start(new DatabaseActor(spec, engine.resources));
        }
        return engine;
    }

    private void start(DatabaseActor actor) {
        databases.add(actor);
        databaseLoops.add(Loop.start(threads.network(), actor));
        for (ReplicaActor replica : actor.replicas()) {
            replicaLoops.put(replica, Loop.start(threads.network(), replica));
        }
    }

    /** The longest time that one task has kept a thread of the disk lane so far. */
    Duration longestDiskTask() {
        return threads.longestDiskTask();
    }

    /** How everything is doing. */
    public List<DatabaseStatus> status() {
        return databases.stream().map(Engine::status).toList();
    }

    /**
     * The databases of which nothing is known yet: they are not followed, and nothing has been found that keeps them from
     * it, at a replica neither.
     */
    public List<Path> untried() {
        return databases.stream()
                .filter(database -> progress(database).equals(HealthLog.STARTING))
                .map(database -> database.spec().path())
                .toList();
    }

    /**
     * How one database is doing.
     *
     * @param database its path, as it was given
     * @throws IllegalArgumentException if it is not followed
     */
    public DatabaseStatus status(Path database) {
        return status(actor(database));
    }

    private static DatabaseStatus status(DatabaseActor actor) {
        List<ReplicaStatus> replicas = actor.replicas().stream()
                .map(replica -> new ReplicaStatus(replica.name(), replica.health(), replica.shipped()))
                .toList();
        return new DatabaseStatus(
                actor.spec().path(), actor.health(), actor.newestOrNone(), replicas, actor.activity());
    }

    /**
     * The time of the oldest change set that is not at a replica; empty if all are, or if the change log does not have it any
     * more. Reads a file of the change log if there is one.
     *
     * @param database its path, as it was given
     * @param shipped what the replica has
     * @throws IOException if the change log cannot be read
     */
    public Optional<Instant> oldestAfter(Path database, Txid shipped) throws IOException {
        return actor(database).oldestAfter(shipped);
    }

    /**
     * The TXID that everything committed so far has, or will have when its change set is closed at its usual time. A
     * thread that waits for it must ask again from time to time: it may turn out that nothing has changed, and then a
     * later result is lower, and valid.
     *
     * @param database its path, as it was given
     */
    public Future<Txid> upcoming(Path database) {
        return actor(database).txids().upcoming();
    }

    /**
     * Captures what is committed and has it uploaded now; the TXID is that of what was committed. Replicas that pause
     * because of trouble try again.
     *
     * @param database its path, as it was given
     */
    public Future<Txid> sync(Path database) {
        DatabaseActor actor = actor(database);
        actor.replicas().stream()
                .filter(replica -> !(replica.health() instanceof Health.Healthy))
                .forEach(ReplicaActor::look);
        return actor.txids().capture();
    }

    private DatabaseActor actor(Path database) {
        return databases.stream()
                .filter(actor -> actor.spec().path().equals(database))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(database + " is not followed"));
    }

    /**
     * Captures the rest, ships it, and ends.
     *
     * @param budget how long that may take; what is not shipped then is said
     */
    public ShutdownReport stop(Duration budget) throws InterruptedException {
        long deadline = resources.clock().ticks() + budget.toNanos();
        Map<DatabaseActor, Future<Txid>> flushes = new LinkedHashMap<>();
        databases.forEach(database -> flushes.put(database, database.txids().flush()));
        Map<DatabaseActor, Txid> newest = new ActorWait(resources.clock(), PATIENCE_AT_THE_END, budget.toNanos())
                .await(flushes, Engine::progress);
        flushes.values().forEach(flush -> flush.cancel(false));
        return end(deadline, finish(newest));
    }

    /**
     * Lets the replicas end once they have what was captured last.
     *
     * @return the databases of which that is not everything
     */
    private Set<DatabaseActor> finish(Map<DatabaseActor, Txid> newest) {
        databases.forEach(database -> {
            Txid last = newest.getOrDefault(database, database.newestOrNone());
            database.replicas().forEach(replica -> replica.finish(last));
        });
        return databases.stream()
                .filter(database -> !newest.containsKey(database))
                .collect(Collectors.toSet());
    }

    private ShutdownReport end(long deadline, Set<DatabaseActor> incomplete) {
        replicaLoops.forEach((replica, loop) -> {
            if (!loop.awaitUntil(resources.clock(), deadline)) {
                replica.abandon();
                loop.interrupt();
            }
        });
        databases.forEach(DatabaseActor::stop);
        awaitDatabases();
        return new ShutdownReport(databases.stream()
                .flatMap(database -> behind(database, incomplete.contains(database)))
                .toList());
    }

    /** All of them end at the same time, so all of them have the same time for it. */
    private void awaitDatabases() {
        long deadline = resources.clock().ticks() + LAST_MOMENTS.toNanos();
        for (Loop loop : databaseLoops) {
            if (!loop.awaitUntil(resources.clock(), deadline)) {
                loop.interrupt();
            }
        }
    }

    /**
     * Captures what is committed, ships it, runs the tasks that are finite, and ends.
     *
     * @param patience how long a database or a replica may fail before it is given up
     */
    public ShutdownReport complete(Duration patience) throws InterruptedException {
        Map<DatabaseActor, Future<Txid>> captures = new LinkedHashMap<>();
        databases.forEach(database -> captures.put(database, database.txids().capture()));
        Map<DatabaseActor, Txid> newest = new ActorWait(resources.clock(), patience).await(captures, Engine::progress);
        captures.values().forEach(capture -> capture.cancel(false));
        Set<DatabaseActor> incomplete = finish(newest);
        Map<ReplicaActor, Future<Boolean>> ends = new LinkedHashMap<>();
        replicaLoops.forEach((replica, loop) -> ends.put(replica, loop.ended()));
        var _ = new ActorWait(resources.clock(), patience).await(ends, ReplicaActor::progress);
        return end(resources.clock().ticks(), incomplete);
    }

    /** A database that waits for its replicas does not progress if none of them does. */
    private static Health progress(DatabaseActor database) {
        return database.health().equals(HealthLog.STARTING)
                        && database.replicas().stream().noneMatch(replica -> ActorWait.isWell(replica.health()))
                ? database.replicas().stream()
                        .map(ReplicaActor::health)
                        .findFirst()
                        .orElse(database.health())
                : database.health();
    }

    /**
     * What is missing; one fact is said once.
     *
     * @param isIncomplete whether its last state could not be captured
     */
    private static Stream<String> behind(DatabaseActor database, boolean isIncomplete) {
        String path = database.spec().path().toString();
        if (database.newestOrNone().isNone()) {
            Health health = progress(database);
            return Stream.of("%s: nothing was captured: %s. %s".formatted(path, health.reason(), health.nextStep()));
        }
        Stream<String> notCaptured = isIncomplete || database.isUnfinished()
                ? Stream.of(path + ": the newest commits could not be captured")
                : Stream.empty();
        Stream<String> notShipped = database.replicas().stream()
                .filter(replica -> replica.shipped().compareTo(database.newestOrNone()) < 0)
                .map(replica -> path + " at " + replica.name() + ": complete up to TXID " + replica.shipped() + " of "
                        + database.newestOrNone());
        return Stream.concat(notCaptured, notShipped);
    }

    /**
     * Ends at once; what is captured and durable stays so. The files of a database are closed by its own actor, and only
     * when no task uses them.
     */
    @Override
    public void close() throws IOException {
        replicaLoops.forEach((replica, loop) -> {
            replica.abandon();
            loop.interrupt();
        });
        databases.forEach(DatabaseActor::stopAtOnce);
        awaitDatabases();
        threads.close();
        resources.events().close();
    }
}
