package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** {@code info}: which daemon is running. */
final class InfoCommand implements Command {
    private static final int SECONDS = 10;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel info", "nothing");
    private final SocketFlags socket;

    InfoCommand(Terminal terminal) {
        this.terminal = terminal;
        socket = new SocketFlags("info", flags, terminal, SECONDS);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Shows the version, the process and the age of the daemon that is running.

                Usage:

                    runnel info [flags]

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectNone(operands);
        JsonObject info = socket.get("/info");
        if (socket.asJson.value()) {
            Json.print(terminal.out(), info);
            return ExitStatus.SUCCESS;
        }
        Duration uptime = Duration.ofSeconds(info.get("uptime_seconds").getAsLong());
        terminal.out()
                .printf(
                        """
                Runnel %s
                  PID:        %d
                  Uptime:     %s
                  Started at: %s
                  Databases:  %d
                """,
                        info.get("version").getAsString(),
                        info.get("pid").getAsLong(),
                        show(uptime),
                        info.get("started_at").getAsString(),
                        info.get("database_count").getAsLong());
        return ExitStatus.SUCCESS;
    }

    /** As Go writes it, in whole seconds. */
    private static String show(Duration time) {
        String hours = time.toHours() > 0 ? time.toHours() + "h" : "";
        String minutes = time.toMinutes() > 0 ? time.toMinutesPart() + "m" : "";
        return hours + minutes + time.toSecondsPart() + "s";
    }
}
