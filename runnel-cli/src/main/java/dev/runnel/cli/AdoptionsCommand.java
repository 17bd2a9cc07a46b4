package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.cli.output.Times;
import dev.runnel.replica.Takeover;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code adoptions}: where another database, or unencrypted history, continued at a replica, and what is kept because of it. */
final class AdoptionsCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel adoptions", "DB_PATH or REPLICA");
    private final ConfigFlags configFlags;
    private final ReplicaFlag replicaFlag;
    private final Flag<Boolean> confirm;
    private final Flag<Boolean> asJson;

    AdoptionsCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        replicaFlag = new ReplicaFlag(flags, "all of them.");
        confirm = flags.addSwitch("confirm", """
                Confirms all that are listed: retention no longer keeps what was
                there before.""");
        asJson = flags.addSwitch("json", "Prints JSON instead of a table.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Lists where history at a replica continued with another state than the one before:
                the local history was lost and the database did not match, another history had to
                be kept, or encryption was given up. Until it is confirmed, "adopted" keeps the last
                state before restorable for 30 days, and "encrypted" keeps everything before it.

                Usage:

                    runnel adoptions [flags] DB_PATH     the replicas of a database in the configuration
                    runnel adoptions [flags] REPLICA     a folder, or a URL such as file:///backup/app

                Flags:

                """;
    }

    /** A record and the replica that has it. */
    private record Found(ReplicaConfig replica, Takeover takeover) {}

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.isEmpty()) {
            throw new CommandException("database path or replica URL required", "runnel adoptions /path/to/db");
        }
        Operands.expectAtMost(1, operands);
        ReplicaSource source = new ReplicaFinder(configFlags).find(operands.getFirst(), ReplicaFinder.Unknown.DATABASE);
        Replicas replicas = terminal.replicas();
        List<Found> found = new ArrayList<>();
        for (ReplicaConfig replica : replicaFlag.among(source)) {
            replicas.takeovers(replica).forEach(takeover -> found.add(new Found(replica, takeover)));
        }
        if (confirm.value()) {
            for (Found each : found) {
                replicas.store(each.replica()).delete(List.of(each.takeover().key()));
            }
        }
        if (asJson.value()) {
            Json.print(terminal.out(), json -> write(json, found));
        } else {
            Table table = new Table("replica", "last_txid", "kind", "created");
            for (Found each : found) {
                table.add(
                        each.replica().name(),
                        each.takeover().last().toString(),
                        each.takeover().kind().suffix(),
                        Times.show(each.takeover().time()));
            }
            table.printTo(terminal.out());
        }
        return ExitStatus.SUCCESS;
    }

    private void write(JsonWriter json, List<Found> found) throws IOException {
        json.beginArray();
        for (Found each : found) {
            json.beginObject();
            json.name("replica").value(each.replica().name());
            json.name("last_txid").value(each.takeover().last().toString());
            json.name("kind").value(each.takeover().kind().suffix());
            json.name("created").value(Times.show(each.takeover().time()));
            json.name("confirmed").value(confirm.value());
            json.endObject();
        }
        json.endArray();
    }
}
