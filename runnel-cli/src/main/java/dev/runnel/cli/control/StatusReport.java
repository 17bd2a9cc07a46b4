package dev.runnel.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.runnel.cli.output.Times;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.platform.Clock;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.FollowedDatabases.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What {@code /status} says: how every database and every replica is doing, with reasons and next steps. */
final class StatusReport {
    private static final double MILLIS = 1000;

    private final FollowedDatabases databases;
    private final Clock clock;

    StatusReport(FollowedDatabases databases, Clock clock) {
        this.databases = databases;
        this.clock = clock;
    }

    JsonObject json() {
        JsonArray all = new JsonArray();
        for (Entry entry : databases.list()) {
            all.add(database(entry));
        }
        JsonObject body = new JsonObject();
        body.add("databases", all);
        return body;
    }

    private JsonObject database(Entry entry) {
        JsonObject json = new JsonObject();
        json.addProperty("path", entry.path().toString());
        if (entry.status().isEmpty()) {
            json.addProperty("health", "not followed");
            return json;
        }
        DatabaseStatus status = entry.status().get();
        add(status.health(), json);
        json.addProperty("txid", status.newest().value());
        json.addProperty("wal_bytes", size(Path.of(entry.path() + "-wal")));
        JsonArray replicas = new JsonArray();
        status.replicas().forEach(replica -> replicas.add(replica(status, replica)));
        json.add("replicas", replicas);
        return json;
    }

    private JsonObject replica(DatabaseStatus database, ReplicaStatus replica) {
        JsonObject json = new JsonObject();
        json.addProperty("replica", replica.name());
        add(replica.health(), json);
        json.addProperty("txid", replica.shipped().value());
        json.addProperty(
                "lag_txids",
                Math.max(0, database.newest().value() - replica.shipped().value()));
        addLag(database, replica, json);
        databases
                .lastSync(database.path(), replica.name())
                .ifPresent(time -> json.addProperty("last_sync_at", Times.show(time)));
        return json;
    }

    /** Left out where it is not known, which nobody takes for zero. */
    private void addLag(DatabaseStatus database, ReplicaStatus replica, JsonObject json) {
        if (!database.newest().isAfter(replica.shipped())) {
            json.addProperty("lag_seconds", 0);
            return;
        }
        try {
            databases
                    .engine()
                    .oldestAfter(database.path(), replica.shipped())
                    .ifPresent(time -> json.addProperty(
                            "lag_seconds",
                            Math.max(0, Duration.between(time, clock.now()).toMillis() / MILLIS)));
        } catch (IOException | IllegalArgumentException _) {
            // The log cannot be read, or the database has just been stopped.
        }
    }

    private static void add(Health health, JsonObject json) {
        json.addProperty("health", health.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (!health.reason().isEmpty()) {
            json.addProperty("reason", health.reason());
            json.addProperty("next_step", health.nextStep());
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            // There is none now.
            return 0;
        }
    }
}
