package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code start} and {@code stop}: whether the daemon follows a database that it knows. */
final class SwitchCommand implements Command {
    private static final int SECONDS = 30;

    private final Terminal terminal;
    private final To to;
    private final FlagSet flags;
    private final SocketFlags socket;

    /** What the database is switched to. */
    enum To {
        START("start", "running", "Follows a database again that was stopped."),
        STOP("stop", "stopped", "Does a last sync of a database, and ends following it until \"runnel start\".");

        private final String word;
        private final String state;
        private final String description;

        To(String word, String state, String description) {
            this.word = word;
            this.state = state;
            this.description = description;
        }
    }

    SwitchCommand(Terminal terminal, To to) {
        this.terminal = terminal;
        this.to = to;
        flags = new FlagSet("runnel " + to.word, "DB_PATH");
        socket = new SocketFlags(to.word, flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                %s The daemon
                is asked at its control socket.

                Usage:

                    runnel %s [flags] DB_PATH

                Flags:

                """.formatted(to.description, to.word);
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Path database = socket.database(Operands.database("runnel " + to.word + " /path/to/db", operands));
        JsonObject answer = socket.post("/" + to.word, socket.about(database));
        new Fields()
                .add("status", answer.get("status"))
                .add("db_path", answer.get("path"))
                .add("state", to.state)
                .add("txid", answer.get("txid"))
                .add("socket", socket.socket().toString())
                .print(terminal.out(), socket.asJson.value());
        return ExitStatus.SUCCESS;
    }
}
