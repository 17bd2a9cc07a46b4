package dev.runnel.cli.heartbeat;

import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Judges whether databases are replicated: nothing fails, and every replica has everything but what is younger than a window.
 * Work that takes long, or waiting, is allowed for as long as the window.
 */
final class RecentSyncs {
    private final Pending pending;
    private final Clock clock;
    private final Duration window;

    /** When each database was last in order. */
    private final Map<Path, Long> inOrderAt = new HashMap<>();

    /** The time of the oldest change set that a replica does not have; empty if that is not known. */
    @FunctionalInterface
    interface Pending {
        Optional<Instant> oldestAfter(Path database, Txid shipped) throws IOException;
    }

    RecentSyncs(Pending pending, Clock clock, Duration window) {
        this.pending = pending;
        this.clock = clock;
        this.window = window;
    }

    /** Why a database does not count as replicated now; empty if it does. To be asked about each often within the window. */
    Optional<String> obstacle(DatabaseStatus database) {
        Optional<String> failure = failure(database);
        if (failure.isPresent()) {
            return failure;
        }
        Optional<String> delay = delay(database);
        if (delay.isEmpty()) {
            inOrderAt.put(database.path(), clock.ticks());
            return delay;
        }
        Long last = inOrderAt.get(database.path());
        boolean isTolerable = last != null && clock.ticks() - last <= window.toNanos();
        return isTolerable ? Optional.empty() : delay;
    }

    private Optional<String> failure(DatabaseStatus database) {
        if (fails(database.health())) {
            return Optional.of(database.path() + ": " + database.health().reason());
        }
        for (ReplicaStatus replica : database.replicas()) {
            if (fails(replica.health())) {
                return Optional.of(about(database, replica) + replica.health().reason());
            }
            Optional<Duration> lag = lag(database, replica);
            if (lag.isPresent() && lag.get().compareTo(window) > 0) {
                return Optional.of(about(database, replica) + "the newest changes are not there since "
                        + lag.get().toSeconds() + " s");
            }
        }
        return Optional.empty();
    }

    private Optional<String> delay(DatabaseStatus database) {
        if (!(database.health() instanceof Health.Healthy)) {
            return Optional.of(database.path() + ": " + database.health().reason());
        }
        for (ReplicaStatus replica : database.replicas()) {
            if (!(replica.health() instanceof Health.Healthy)) {
                return Optional.of(about(database, replica) + replica.health().reason());
            }
            if (lag(database, replica).isEmpty()) {
                return Optional.of(about(database, replica) + "the newest changes are not there");
            }
        }
        return Optional.empty();
    }

    /** How far a replica is behind; empty if that is not known. */
    private Optional<Duration> lag(DatabaseStatus database, ReplicaStatus replica) {
        if (!database.newest().isAfter(replica.shipped())) {
            return Optional.of(Duration.ZERO);
        }
        try {
            return pending.oldestAfter(database.path(), replica.shipped())
                    .map(time -> Duration.between(time, clock.now()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static boolean fails(Health health) {
        return health instanceof Health.Degraded || health instanceof Health.Stopped;
    }

    private static String about(DatabaseStatus database, ReplicaStatus replica) {
        return database.path() + " at " + replica.name() + ": ";
    }
}
