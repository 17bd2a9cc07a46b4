package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code unregister}: the daemon forgets a database, after a last sync. */
final class UnregisterCommand implements Command {
    private static final int SECONDS = 30;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel unregister", "DB_PATH");
    private final Flag<Boolean> dryRun;
    private final SocketFlags socket;

    UnregisterCommand(Terminal terminal) {
        this.terminal = terminal;
        dryRun = flags.addSwitch("dry-run", "Says what would be done, and does nothing.");
        socket = new SocketFlags("unregister", flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Does a last sync of a database, and has the daemon forget it. What is at its
                replicas stays. A database of the configuration is back when the daemon starts
                again.

                Usage:

                    runnel unregister [flags] DB_PATH

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Path database = socket.database(Operands.database("runnel unregister /path/to/db", operands));
        if (dryRun.value()) {
            return preview(database);
        }
        JsonObject answer = socket.post("/unregister", socket.about(database));
        new Fields()
                .add("status", answer.get("status"))
                .add("db_path", answer.get("path"))
                .add("final_txid", answer.get("txid"))
                .add("socket", socket.socket().toString())
                .print(terminal.out(), socket.asJson.value());
        return ExitStatus.SUCCESS;
    }

    private ExitStatus preview(Path database) throws CommandException {
        terminal.out().printf("""
                Dry run: unregister request preview
                  database: %s
                  socket: %s
                  replicas: daemon-managed replica for this database
                  final sync: daemon close will sync the database and replica before the command completes
                  timeout: %ds
                No unregister request was sent.
                """, database, socket.socket(), socket.seconds());
        return ExitStatus.SUCCESS;
    }
}
