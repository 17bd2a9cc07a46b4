package dev.runnel.engine;

import dev.runnel.engine.Engine.ShutdownReport;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ends the following of some databases: captures the rest, ships it, and says what is missing. */
final class EngineShutdown {
    /** Upper bound for a failure during shutdown. */
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

    private static final Duration LAST_MOMENTS = Duration.ofSeconds(5);

    private final Clock clock;
    private final List<RunningDatabase> databases;

    EngineShutdown(Clock clock, List<RunningDatabase> databases) {
        this.clock = clock;
        this.databases = databases;
    }

    /** @param budget how long it may take; what is not shipped then is said */
    ShutdownReport stop(Duration budget) throws InterruptedException {
        long deadline = clock.ticks() + budget.toNanos();
        Map<DatabaseActor, Future<Txid>> flushes = new LinkedHashMap<>();
        databases.forEach(database ->
                flushes.put(database.actor(), database.actor().txids().flush()));
        Map<DatabaseActor, Txid> newest =
                new ActorWait(clock, PATIENCE_AT_THE_END, budget.toNanos()).await(flushes, EngineShutdown::progress);
        flushes.values().forEach(flush -> flush.cancel(false));
        return end(deadline, finish(newest));
    }

    /**
     * Runs the tasks that are finite, too.
     *
     * @param patience how long a database or a replica may fail before it is given up
     */
    ShutdownReport complete(Duration patience) throws InterruptedException {
        Map<DatabaseActor, Future<Txid>> captures = new LinkedHashMap<>();
        databases.forEach(database ->
                captures.put(database.actor(), database.actor().txids().capture()));
        Map<DatabaseActor, Txid> newest = new ActorWait(clock, patience).await(captures, EngineShutdown::progress);
        captures.values().forEach(capture -> capture.cancel(false));
        Set<DatabaseActor> incomplete = finish(newest);
        Map<ReplicaActor, Future<Boolean>> ends = new LinkedHashMap<>();
        databases.forEach(database -> database.replicas().forEach((replica, loop) -> ends.put(replica, loop.ended())));
        var _ = new ActorWait(clock, patience).await(ends, ReplicaActor::progress);
        return end(clock.ticks(), incomplete);
    }

    /**
     * Ends at once; what is captured and durable stays so. The files of a database are closed by its own actor, and only
     * when no task uses them.
     */
    void abandon() {
        for (RunningDatabase database : databases) {
            database.replicas().forEach((replica, loop) -> {
                replica.abandon();
                loop.interrupt();
            });
            database.actor().stopAtOnce();
        }
        awaitDatabases();
    }

    /**
     * Lets the replicas end once they have what was captured last.
     *
     * @return the databases of which that is not everything
     */
    private Set<DatabaseActor> finish(Map<DatabaseActor, Txid> newest) {
        for (RunningDatabase database : databases) {
            Txid last = newest.getOrDefault(database.actor(), database.actor().newestOrNone());
            database.actor().replicas().forEach(replica -> replica.finish(last));
        }
        return databases.stream()
                .map(RunningDatabase::actor)
                .filter(actor -> !newest.containsKey(actor))
                .collect(Collectors.toSet());
    }

    private ShutdownReport end(long deadline, Set<DatabaseActor> incomplete) {
        for (RunningDatabase database : databases) {
            database.replicas().forEach((replica, loop) -> {
                if (!loop.awaitUntil(clock, deadline)) {
                    replica.abandon();
                    loop.interrupt();
                }
            });
        }
        databases.forEach(database -> database.actor().stop());
        awaitDatabases();
        return new ShutdownReport(databases.stream()
                .map(RunningDatabase::actor)
                .flatMap(actor -> behind(actor, incomplete.contains(actor)))
                .toList());
    }

    /** All of them end at the same time, so all of them have the same time for it. */
    private void awaitDatabases() {
        long deadline = clock.ticks() + LAST_MOMENTS.toNanos();
        for (RunningDatabase database : databases) {
            if (!database.loop().awaitUntil(clock, deadline)) {
                database.loop().interrupt();
            }
        }
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
}
