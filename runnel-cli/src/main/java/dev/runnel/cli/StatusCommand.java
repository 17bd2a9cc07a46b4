package dev.runnel.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.SocketConfig;
import dev.runnel.cli.control.ControlClient;
import dev.runnel.cli.control.UnreachableException;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.Table;
import dev.runnel.setup.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code status}: how the databases of the configuration are doing; from the daemon, if one answers, and from local files. */
final class StatusCommand implements Command {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel status", "DB_PATH, or nothing");
    private final ConfigFlags configFlags;
    private final Flag<String> socket;
    private final Flag<Boolean> asJson;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        socket = flags.addText("socket", "PATH", """
                The control socket of the daemon. Without it: that of the configuration, if
                it is enabled there.""");
        asJson = flags.addSwitch("json", "Prints JSON instead of tables.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Shows the newest TXID of each database on this machine. If the daemon can be asked
                at its control socket, also how each database and each replica is doing, with the
                reason and what to do about it where one is not healthy.

                Usage:

                    runnel status [flags]            every database of the configuration
                    runnel status [flags] DB_PATH    one of them

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectAtMost(1, operands);
        Config config = configFlags.read();
        List<DatabaseConfig> databases = operands.isEmpty()
                ? config.databases()
                : config.database(Operands.locate(configFlags.locations(), operands.getFirst())).stream()
                        .toList();
        Map<Path, JsonObject> running = ask(config);
        if (asJson.value()) {
            Json.print(terminal.out(), json(databases, running));
            return ExitStatus.SUCCESS;
        }
        Table local = new Table("database", "status", "local txid", "wal size");
        for (DatabaseConfig database : databases) {
            LocalState state = LocalState.of(database);
            local.add(state.database().toString(), state.status(), state.txid(), state.walSize());
        }
        local.printTo(terminal.out());
        List<JsonObject> shown = databases.stream()
                .map(DatabaseConfig::path)
                .filter(running::containsKey)
                .map(running::get)
                .toList();
        if (!shown.isEmpty()) {
            terminal.out().println();
            new RunningStatus(shown).printTo(terminal.out());
        }
        return ExitStatus.SUCCESS;
    }

    /** What the daemon says of each database; nothing if there is none, unless the command line names its socket. */
    private Map<Path, JsonObject> ask(Config config) throws IOException {
        boolean isNamed = !socket.value().isEmpty();
        Optional<Path> path = isNamed
                ? Optional.of(configFlags.locations().path(socket.value()))
                : config.daemon().socket().map(SocketConfig::path);
        Map<Path, JsonObject> found = new LinkedHashMap<>();
        if (path.isEmpty()) {
            return found;
        }
        try {
            JsonArray all = new ControlClient(path.get(), LIMIT).get("/status").getAsJsonArray("databases");
            for (JsonElement each : all) {
                JsonObject database = each.getAsJsonObject();
                found.put(Path.of(database.get("path").getAsString()), database);
            }
        } catch (UnreachableException e) {
            if (isNamed) {
                throw e;
            }
            terminal.err().println("The daemon cannot be asked: " + e.getMessage());
        }
        return found;
    }

    private static JsonArray json(List<DatabaseConfig> databases, Map<Path, JsonObject> running) {
        JsonArray all = new JsonArray();
        for (DatabaseConfig database : databases) {
            LocalState state = LocalState.of(database);
            JsonObject json = new JsonObject();
            json.addProperty("database", state.database().toString());
            json.addProperty("status", state.status());
            json.addProperty("local_txid", state.txid());
            json.addProperty("wal_size", state.walSize());
            if (running.containsKey(database.path())) {
                json.add("daemon", running.get(database.path()));
            }
            all.add(json);
        }
        return all;
    }
}
