package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.daemon.Daemon;
import dev.runnel.cli.daemon.Stop;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.install.Install;
import dev.runnel.cli.install.Stage;
import dev.runnel.cli.logging.Logging;
import dev.runnel.location.FolderLocation;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.Locations;
import dev.runnel.setup.Replicas;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** {@code install FOLDER}: what the build calls after packing the program. Users have no need of it. */
final class InstallCommand implements Command {
    private static final Duration REHEARSAL = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel install", "FOLDER");

    InstallCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Prepares the folder of a fresh build: unpacks SQLite and runs the commands once.

                Usage:

                    runnel install FOLDER
                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.size() != 1) {
            throw new CommandException("the folder of the build is required", "runnel install FOLDER");
        }
        try {
            Install.into(terminal.workingFolder().resolve(operands.getFirst()), new RehearsalStage());
            return ExitStatus.SUCCESS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private final class RehearsalStage implements Stage {
        @Override
        public void run(List<String> arguments) {
            ExitStatus status = new Program(terminal).run(arguments);
            if (!status.equals(ExitStatus.SUCCESS)) {
                throw new IllegalStateException("the rehearsal of " + arguments + " failed");
            }
        }

        @Override
        public void follow(Path database, Path replica) throws IOException, InterruptedException {
            Logging.start(LogConfig.DEFAULT, terminal.log(LogConfig.DEFAULT.stream()));
            Replicas replicas = terminal.replicas();
            Config config = Config.of(DatabaseConfig.of(database, List.of(new FolderLocation(replica))));
            DatabaseSpecs specs = new DatabaseSpecs(replicas, Set.of(), UnaryOperator.identity());
            Locations locations =
                    new Locations(terminal.workingFolder(), terminal.homeFolder(), terminal.environment());
            Stop stop = _ -> {
                Thread.sleep(REHEARSAL);
                return true;
            };
            new Daemon(config, specs, replicas, locations, _ -> config).run(Version.NUMBER, stop, Optional.empty());
        }
    }
}
