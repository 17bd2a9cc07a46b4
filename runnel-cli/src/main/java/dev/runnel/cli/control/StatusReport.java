package dev.runnel.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.runnel.cli.output.FileSize;
import dev.runnel.cli.output.Times;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.engine.Engine.ReplicaStatus;
import dev.runnel.engine.Health;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.FollowedDatabases.Entry;
import java.util.Locale;

/** What {@code /status} says: how every database and every replica is doing, with reasons and next steps. */
final class StatusReport {
    private static final double MILLIS = 1000;

    private final FollowedDatabases databases;

    StatusReport(FollowedDatabases databases) {
        this.databases = databases;
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
        json.addProperty("wal_bytes", FileSize.ofWal(entry.path()));
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
        databases
                .engine()
                .lag(database, replica)
                .ifPresent(lag -> json.addProperty("lag_seconds", lag.toMillis() / MILLIS));
    }

    private static void add(Health health, JsonObject json) {
        json.addProperty("health", health.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (!health.reason().isEmpty()) {
            json.addProperty("reason", health.reason());
            json.addProperty("next_step", health.nextStep());
        }
    }
}
