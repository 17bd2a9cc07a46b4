package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.cli.output.Times;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Comparator;

/** What {@code restore -dry-run} prints. */
record RestorePlanText(String source, ReplicaConfig replica, Path target, RestorePlan plan) {
    void print(PrintStream out) {
        out.println("Restore plan:");
        out.println("  source: " + source);
        out.println("  target: " + target);
        out.println("  replica: " + replica.name());
        out.println("  txid range: " + lowest() + " - " + plan.reached());
        out.println("  time: " + plan.time());
        out.println();
        out.println("Files to fetch:");
        Table table = new Table("level", "file", "min_txid", "max_txid", "size", "timestamp");
        for (PlannedFile file : plan.files()) {
            table.add(
                    Integer.toString(file.level()),
                    name(file),
                    file.range().min().toString(),
                    file.range().max().toString(),
                    Long.toString(file.size()),
                    Times.show(file.time()));
        }
        table.printTo(out);
    }

    void printJson(PrintStream out) throws IOException {
        Json.print(out, this::write);
    }

    private void write(JsonWriter json) throws IOException {
        json.beginObject();
        json.name("source").value(source);
        json.name("target_path").value(target.toString());
        json.name("replica").value(replica.name());
        json.name("min_txid").value(lowest().toString());
        json.name("max_txid").value(plan.reached().toString());
        json.name("time").value(plan.time().toString());
        json.name("files").beginArray();
        for (PlannedFile file : plan.files()) {
            json.beginObject();
            json.name("level").value(file.level());
            json.name("name").value(name(file));
            json.name("min_txid").value(file.range().min().toString());
            json.name("max_txid").value(file.range().max().toString());
            json.name("size").value(file.size());
            json.name("timestamp").value(Times.show(file.time()));
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private Txid lowest() {
        return plan.files().stream()
                .map(file -> file.range().min())
                .min(Comparator.naturalOrder())
                .orElse(Txid.NONE);
    }

    private static String name(PlannedFile file) {
        return file.key().substring(file.key().lastIndexOf('/') + 1);
    }
}
