package dev.runnel.cli.heartbeat;

import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.platform.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Judges whether databases are replicated: nothing fails, and every replica has everything but what is younger than a window.
 * Work that takes long, or waiting, is allowed for as long as the window.
 */
final class RecentSyncs {
    private final Lags lags;
    private final Clock clock;
    private final Duration window;

    /** When each database was last in order. */
    private final Map<Path, Long> inOrderAt = new HashMap<>();

    /** The age of the oldest change set that a replica does not have; empty if that is not known. */
    @FunctionalInterface
    interface Lags {
        Optional<Duration> of(DatabaseStatus database, ReplicaStatus replica);
    }

    RecentSyncs(Lags lags, Clock clock, Duration window) {
        this.lags = lags;
        this.clock = clock;
        this.window = window;
    }

    /** Why a database does not count as replicated now; empty if it does. To be asked about each often within the window. */
    Optional<String> obstacle(DatabaseStatus database) {
        Optional<String> failure = first(database, Health::isFailure);
        if (failure.isPresent()) {
            return failure;
        }
        Optional<String> delay = first(database, health -> !(health instanceof Health.Healthy));
        List<ReplicaStatus> behind = database.replicas().stream()
                .filter(replica -> database.newest().isAfter(replica.shipped()))
                .toList();
        if (delay.isEmpty() && behind.isEmpty()) {
            inOrderAt.put(database.path(), clock.ticks());
            return Optional.empty();
        }
        Long last = inOrderAt.get(database.path());
        if (last != null && clock.ticks() - last <= window.toNanos()) {
            return Optional.empty();
        }
        return delay.or(() -> lag(database, behind));
    }

    private static Optional<String> first(DatabaseStatus database, Predicate<Health> counts) {
        if (counts.test(database.health())) {
            return Optional.of(database.path() + ": " + database.health().reason());
        }
        return database.replicas().stream()
                .filter(replica -> counts.test(replica.health()))
                .map(replica -> about(database, replica) + replica.health().reason())
                .findFirst();
    }

    /** Where changes come all the time a replica may never have all of them: then the age of what it lacks counts. */
    private Optional<String> lag(DatabaseStatus database, List<ReplicaStatus> behind) {
        Duration longest = Duration.ZERO;
        for (ReplicaStatus replica : behind) {
            Optional<Duration> lag = lags.of(database, replica);
            if (lag.isEmpty() || lag.get().compareTo(window) > 0) {
                String time =
                        lag.map(known -> " for " + known.toSeconds() + " s").orElse("");
                return Optional.of(about(database, replica) + "the newest changes have not been there" + time);
            }
            longest = longest.compareTo(lag.get()) < 0 ? lag.get() : longest;
        }
        inOrderAt.put(database.path(), clock.ticks() - longest.toNanos());
        return Optional.empty();
    }

    private static String about(DatabaseStatus database, ReplicaStatus replica) {
        return database.path() + " at " + replica.name() + ": ";
    }
}
