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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

/**
 * Follows databases and keeps their replicas. Starting never fails because of a database or a replica: each has a
 * health of its own, and its failure does not affect the others.
 */
public final class Engine implements Closeable {
    private final Threads threads;
    private final EngineResources resources;
    private final List<RunningDatabase> databases = new CopyOnWriteArrayList<>();

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
            engine.add(spec);
        }
        return engine;
    }

    /**
     * Follows one more database.
     *
     * @throws IllegalArgumentException if it is followed
     */
    public synchronized void add(DatabaseSpec spec) {
        if (find(spec.path()).isPresent()) {
            throw new IllegalArgumentException(spec.path() + " is followed already");
        }
        databases.add(RunningDatabase.start(new DatabaseActor(spec, resources), threads));
    }

    /**
     * Captures the rest of one database, ships it, and ends following it. What is at its replicas stays.
     *
     * @param database its path, as it was given
     * @param budget how long that may take; what is not shipped then is said
     * @throws IllegalArgumentException if it is not followed
     */
    public ShutdownReport remove(Path database, Duration budget) throws InterruptedException {
        RunningDatabase running = running(database);
        ShutdownReport report = new EngineShutdown(resources.clock(), List.of(running)).stop(budget);
        databases.remove(running);
        return report;
    }

    /** The longest time that one task has kept a thread of the disk lane so far. */
    Duration longestDiskTask() {
        return threads.longestDiskTask();
    }

    /** How everything is doing. */
    public List<DatabaseStatus> status() {
        return databases.stream().map(running -> status(running.actor())).toList();
    }

    /**
     * The databases of which nothing is known yet: they are not followed, and nothing has been found that keeps them from
     * it, at a replica neither.
     */
    public List<Path> untried() {
        return databases.stream()
                .filter(running -> EngineShutdown.progress(running.actor()).equals(HealthLog.STARTING))
                .map(RunningDatabase::path)
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
     * How old the oldest change set is that is not at a replica: zero if all are; empty if that is not known, because the
     * change log does not have it any more or cannot be read, or because the database is not followed any more.
     */
    public Optional<Duration> lag(DatabaseStatus database, ReplicaStatus replica) {
        if (!database.newest().isAfter(replica.shipped())) {
            return Optional.of(Duration.ZERO);
        }
        try {
            return actor(database.path())
                    .oldestAfter(replica.shipped())
                    .map(time -> Duration.between(time, resources.clock().now()))
                    .map(age -> age.isNegative() ? Duration.ZERO : age);
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
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
        return running(database).actor();
    }

    private RunningDatabase running(Path database) {
        return find(database).orElseThrow(() -> new IllegalArgumentException(database + " is not followed"));
    }

    private Optional<RunningDatabase> find(Path database) {
        return databases.stream()
                .filter(running -> running.path().equals(database))
                .findFirst();
    }

    /**
     * Captures the rest, ships it, and ends.
     *
     * @param budget how long that may take; what is not shipped then is said
     */
    public ShutdownReport stop(Duration budget) throws InterruptedException {
        return shutdown().stop(budget);
    }

    /**
     * Captures what is committed, ships it, runs the tasks that are finite, and ends.
     *
     * @param patience how long a database or a replica may fail before it is given up
     */
    public ShutdownReport complete(Duration patience) throws InterruptedException {
        return shutdown().complete(patience);
    }

    private EngineShutdown shutdown() {
        return new EngineShutdown(resources.clock(), List.copyOf(databases));
    }

    /**
     * Ends at once; what is captured and durable stays so. The files of a database are closed by its own actor, and only
     * when no task uses them.
     */
    @Override
    public void close() throws IOException {
        shutdown().abandon();
        threads.close();
        resources.events().close();
    }
}
