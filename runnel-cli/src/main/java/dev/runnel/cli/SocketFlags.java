package dev.runnel.cli;

import com.google.gson.JsonObject;
import dev.runnel.cli.config.SocketConfig;
import dev.runnel.cli.control.ControlClient;
import dev.runnel.cli.control.RefusedException;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The flags of commands that ask a running daemon, and what they lead to. */
final class SocketFlags {
    /** For the way of a request and its answer, besides what the daemon takes. */
    private static final Duration FOR_THE_WAY = Duration.ofSeconds(5);

    final Flag<Boolean> asJson;

    private final String command;
    private final Flag<Integer> timeout;
    private final Flag<String> socket;
    private final Locations locations;

    /**
     * @param command its name, for messages
     * @param seconds the time limit unless given
     */
    SocketFlags(String command, FlagSet flags, Terminal terminal, int seconds) {
        this.command = command;
        socket = flags.addText("socket", "PATH", """
                The control socket of the daemon. Without it:
                %s.""".formatted(SocketConfig.DEFAULT_PATH));
        timeout = flags.addNumber(
                "timeout", "SECONDS", seconds, "How long it may take. Without it: %d.".formatted(seconds));
        asJson = flags.addSwitch("json", "Prints JSON instead of text.");
        locations = new Locations(terminal.workingFolder(), terminal.homeFolder(), terminal.environment());
    }

    Path socket() {
        return socket.value().isEmpty() ? SocketConfig.DEFAULT_PATH : locations.path(socket.value());
    }

    int seconds() throws CommandException {
        if (timeout.value() <= 0) {
            throw new CommandException("timeout must be greater than 0");
        }
        return timeout.value();
    }

    Path database(String operand) throws CommandException {
        return Operands.locate(locations, operand);
    }

    /** Something about a database, with the time limit. */
    JsonObject about(Path database) throws CommandException {
        JsonObject body = new JsonObject();
        body.addProperty("path", database.toString());
        body.addProperty("timeout", seconds());
        return body;
    }

    JsonObject get(String target) throws IOException {
        try {
            return client().get(target);
        } catch (RefusedException e) {
            throw refused(e);
        }
    }

    JsonObject post(String target, JsonObject body) throws IOException {
        try {
            return client().post(target, body);
        } catch (RefusedException e) {
            throw refused(e);
        }
    }

    private ControlClient client() throws CommandException {
        return new ControlClient(socket(), Duration.ofSeconds(seconds()).plus(FOR_THE_WAY));
    }

    private CommandException refused(RefusedException e) {
        return new CommandException(command + " failed: " + e.getMessage(), "", e);
    }
}
