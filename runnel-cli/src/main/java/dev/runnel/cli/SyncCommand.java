package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Fields;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code sync}: what is committed now is captured, or is at the replicas, before the command ends. */
final class SyncCommand implements Command {
    private static final int SECONDS = 30;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel sync", "DB_PATH");
    private final Flag<Boolean> wait;
    private final Flag<Boolean> now;
    private final SocketFlags socket;

    SyncCommand(Terminal terminal) {
        this.terminal = terminal;
        wait = flags.addSwitch("wait", """
                Ends when what is committed now is at every replica. It is uploaded at its
                usual time.""");
        now = flags.addSwitch("now", "With -wait: has it uploaded at once.");
        socket = new SocketFlags("sync", flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Has the daemon capture what is committed now and upload it soon; with -wait, the
                command ends when it is at every replica. The exit status is 1 if it is not there
                within the time limit; the upload continues then.

                Usage:

                    runnel sync [flags] DB_PATH

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Path database = socket.database(Operands.database("runnel sync /path/to/db", operands));
        if (now.value() && !wait.value()) {
            throw new CommandException("cannot specify -now flag without -wait");
        }
        JsonObject request = socket.about(database);
        request.addProperty("wait", wait.value());
        request.addProperty("now", now.value());
        long begun = System.nanoTime();
        JsonObject answer = socket.post("/sync", request);
        Fields fields = new Fields().add("db_path", answer.get("path")).add("txid", answer.get("txid"));
        if (wait.value()) {
            fields.add("replica_txid", answer.get("replicated_txid"));
        }
        fields.add("duration_ms", Duration.ofNanos(System.nanoTime() - begun).toMillis())
                .print(terminal.out(), socket.asJson.value());
        return ExitStatus.SUCCESS;
    }
}
