package dev.runnel.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import java.io.IOException;
import java.util.List;

/** {@code list}: the databases of the daemon that is running. */
final class ListCommand implements Command {
    private static final int SECONDS = 10;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel list", "nothing");
    private final SocketFlags socket;

    ListCommand(Terminal terminal) {
        this.terminal = terminal;
        socket = new SocketFlags("list", flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Lists the databases of the daemon that is running: whether each is followed, and
                when something last arrived at a replica.

                Usage:

                    runnel list [flags]

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectNone(operands);
        JsonObject list = socket.get("/list");
        if (socket.asJson.value()) {
            Json.print(terminal.out(), list);
            return ExitStatus.SUCCESS;
        }
        JsonArray databases = list.getAsJsonArray("databases");
        if (databases.isEmpty()) {
            terminal.out().println("No databases configured");
        }
        for (JsonElement each : databases) {
            JsonObject database = each.getAsJsonObject();
            JsonElement time = database.get("last_sync_at");
            terminal.out()
                    .println("%s [%s] (last sync: %s)"
                            .formatted(
                                    database.get("path").getAsString(),
                                    database.get("status").getAsString(),
                                    time == null ? "never" : time.getAsString()));
        }
        return ExitStatus.SUCCESS;
    }
}
