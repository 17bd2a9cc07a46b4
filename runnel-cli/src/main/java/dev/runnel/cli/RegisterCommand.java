package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.config.Redaction;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code register}: the daemon follows one more database. */
final class RegisterCommand implements Command {
    private static final int SECONDS = 30;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel register", "DB_PATH");
    private final Flag<String> replica;
    private final SocketFlags socket;

    RegisterCommand(Terminal terminal) {
        this.terminal = terminal;
        replica = flags.addText("replica", "URL", "Where it is replicated to, as the daemon sees it. Required.");
        socket = new SocketFlags("register", flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Has the daemon follow one more database until it ends; what is to last longer
                belongs into the configuration. Credentials are those of the daemon's environment.

                Usage:

                    runnel register -replica URL [flags] DB_PATH

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        String example = "runnel register -replica s3://bucket/prefix /path/to/db";
        Path database = socket.database(Operands.database(example, operands));
        if (replica.value().isEmpty()) {
            throw new CommandException("-replica is required", example);
        }
        JsonObject request = socket.about(database);
        request.addProperty("replica_url", replica.value());
        JsonObject answer = socket.post("/register", request);
        String status = answer.get("status").getAsString();
        new Fields()
                .add("status", socket.asJson.value() ? status : status.replace('_', ' '))
                .add("db_path", answer.get("path"))
                .add("replica", Redaction.of(replica.value()))
                .add("socket", socket.socket().toString())
                .print(terminal.out(), socket.asJson.value());
        return ExitStatus.SUCCESS;
    }
}
