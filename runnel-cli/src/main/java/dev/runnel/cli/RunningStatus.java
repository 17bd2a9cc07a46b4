package dev.runnel.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.runnel.cli.output.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What a daemon says of its databases and replicas, for people: a table, and what to do where something is wrong. */
final class RunningStatus {
    private final Table table = new Table("database", "replica", "health", "txid", "lag", "last sync");
    private final List<String> troubles = new ArrayList<>();

    /** @param databases as {@code /status} says */
    RunningStatus(List<JsonObject> databases) {
        for (JsonObject database : databases) {
            String path = text(database, "path");
            addTrouble(path, database);
            JsonArray replicas = database.getAsJsonArray("replicas");
            if (replicas == null) {
                table.add(path, "-", text(database, "health"), "-", "-", "-");
                continue;
            }
            for (JsonElement each : replicas) {
                JsonObject replica = each.getAsJsonObject();
                addTrouble(path + " at " + text(replica, "replica"), replica);
                table.add(
                        path,
                        text(replica, "replica"),
                        text(replica, "health"),
                        String.format("%016x", replica.get("txid").getAsLong()),
                        lag(replica),
                        replica.has("last_sync_at") ? text(replica, "last_sync_at") : "never");
            }
        }
    }

    private void addTrouble(String where, JsonObject state) {
        if (state.has("reason")) {
            troubles.add("%s: %s: %s. %s"
                    .formatted(where, text(state, "health"), text(state, "reason"), text(state, "next_step")));
        }
    }

    private static String lag(JsonObject replica) {
        long txids = replica.get("lag_txids").getAsLong();
        if (txids == 0) {
            return "none";
        }
        String count = txids + (txids == 1 ? " TXID" : " TXIDs");
        return replica.has("lag_seconds") ? count + ", " + text(replica, "lag_seconds") + " s" : count;
    }

    private static String text(JsonObject from, String name) {
        JsonElement value = from.get(name);
        return value == null ? "" : value.getAsString();
    }

    void printTo(PrintStream out) {
        table.printTo(out);
        troubles.forEach(out::println);
    }
}
