package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.platform.Clock;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.sqlite.DatabaseName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code generations}, {@code snapshots} and {@code wal}: what is at a replica, from names and times. */
final class ListingCommand implements Command {
    private final Terminal terminal;
    private final Listing listing;
    private final FlagSet flags;
    private final ConfigFlags configFlags;
    private final ReplicaFlag replicaFlag;
    private final Flag<String> generation;
    private final Flag<Boolean> asJson;

    ListingCommand(Terminal terminal, Listing listing) {
        this.terminal = terminal;
        this.listing = listing;
        flags = new FlagSet("runnel " + listing.command, "DB_PATH or REPLICA");
        configFlags = new ConfigFlags(flags, terminal);
        replicaFlag = new ReplicaFlag(flags, "all of them.");
        generation = flags.addText("generation", "NAME", "Only what belongs to this generation.");
        asJson = flags.addSwitch("json", "Prints JSON instead of a table.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                %s

                Usage:

                    runnel %s [flags] DB_PATH     the replicas of a database in the configuration
                    runnel %s [flags] REPLICA     a folder, or a URL such as file:///backup/app

                Flags:

                """.formatted(listing.description, listing.command, listing.command);
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.isEmpty()) {
            throw new CommandException(listing.withoutOperand, "runnel " + listing.command + " /path/to/db");
        }
        Operands.expectAtMost(1, operands);
        ReplicaSource source = new ReplicaFinder(configFlags).find(operands.getFirst(), ReplicaFinder.Unknown.DATABASE);
        Instant changed = source.database().isPresent()
                ? changeOf(source.database().get())
                : Clock.system().now();
        Optional<String> only = generation.isGiven() ? Optional.of(generation.value()) : Optional.empty();
        Replicas replicas = terminal.replicas();
        List<List<Object>> rows = new ArrayList<>();
        for (ReplicaConfig replica : replicaFlag.among(source)) {
            rows.addAll(listing.rows(new Listing.Source(replica, replicas, changed), only));
        }
        if (asJson.value()) {
            Json.print(terminal.out(), json -> write(json, rows));
        } else {
            Table table = new Table(listing.columns().toArray(String[]::new));
            rows.forEach(row -> table.add(row.stream().map(Object::toString).toArray(String[]::new)));
            table.printTo(terminal.out());
        }
        return ExitStatus.SUCCESS;
    }

    /** When a database was written last, backfilled or not. Looking takes no lock. */
    private static Instant changeOf(Path database) throws IOException {
        Instant changed = Files.getLastModifiedTime(database).toInstant();
        Path wal = DatabaseName.resolveIfThere(database).wal();
        if (!Files.exists(wal)) {
            return changed;
        }
        Instant logged = Files.getLastModifiedTime(wal).toInstant();
        return logged.isAfter(changed) ? logged : changed;
    }

    private void write(JsonWriter json, List<List<Object>> rows) throws IOException {
        json.beginArray();
        for (List<Object> row : rows) {
            json.beginObject();
            for (int i = 0; i < row.size(); i++) {
                json.name(listing.columns().get(i));
                if (row.get(i) instanceof Long number) {
                    json.value(number);
                } else {
                    json.value(row.get(i).toString());
                }
            }
            json.endObject();
        }
        json.endArray();
    }
}
