package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.config.Config;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.util.List;

/** {@code databases}: what the configuration has. */
final class DatabasesCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel databases", "nothing");
    private final ConfigFlags configFlags;
    private final Flag<Boolean> asJson;

    DatabasesCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        asJson = flags.addSwitch("json", "Prints JSON instead of a table.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Lists the databases of the configuration, each with the names of its replicas. A
                replica without a name is called by its type.

                Usage:

                    runnel databases [flags]

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectNone(operands);
        Config config = configFlags.read();
        if (asJson.value()) {
            Json.print(terminal.out(), json -> write(json, config));
            return ExitStatus.SUCCESS;
        }
        Table table = new Table("path", "replica");
        for (DatabaseConfig database : config.databases()) {
            table.add(database.path().toString(), replicas(database));
        }
        table.printTo(terminal.out());
        return ExitStatus.SUCCESS;
    }

    private static String replicas(DatabaseConfig database) {
        return String.join(
                ",", database.replicas().stream().map(ReplicaConfig::name).toList());
    }

    private static void write(JsonWriter json, Config config) throws IOException {
        json.beginArray();
        for (DatabaseConfig database : config.databases()) {
            json.beginObject();
            json.name("path").value(database.path().toString());
            json.name("replica").value(replicas(database));
            json.endObject();
        }
        json.endArray();
    }
}
