package dev.runnel.cli;

import dev.runnel.cli.config.Redaction;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.flags.Nearest;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the command that was asked for, runs it, and says on the error stream what went wrong. */
final class Program {
    private static final String OVERVIEW = """
            Runnel keeps the history of SQLite databases at a replica and restores any point of it.

            Usage:

                runnel <command> [flags] [arguments]

            Commands:

                adoptions    lists, and confirms, where history continued with another database
                databases    lists the databases of the configuration
                demo         shows replication, a crash and a restore with a database of its own
                generations  lists the generations at the replicas of a database
                ltx          lists the LTX files of a replica
                replicate    follows databases and ships every change to their replicas
                restore      makes a database from a replica
                snapshots    lists the snapshots at the replicas of a database
                version      prints the version
                wal          lists the changes at the replicas of a database

            "runnel <command> -help" says more about a command.
            """;

    private static final List<String> COMMANDS =
            List.of("databases", "demo", "generations", "ltx", "replicate", "restore", "snapshots", "version", "wal");

    private static final Set<String> VERSION_FLAGS = Set.of("-version", "--version", "-v");

    private final Terminal terminal;

    Program(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitStatus run(List<String> arguments) {
        try {
            return dispatch(arguments);
        } catch (RunnelException e) {
            return fail(String.valueOf(e.getMessage()), e.nextStep());
        } catch (FileSystemException e) {
            return fail(FaultText.of(e), "");
        } catch (IOException e) {
            return fail(String.valueOf(e.getMessage()), "");
        }
    }

    private ExitStatus dispatch(List<String> arguments) throws IOException {
        String name = arguments.isEmpty() ? "" : arguments.getFirst();
        if (name.equals("help") && arguments.size() > 1) {
            return dispatch(List.of(arguments.get(1), "-help"));
        }
        if (name.equals("help") || FlagSet.isHelpWord(name)) {
            terminal.out().print(OVERVIEW);
            return ExitStatus.SUCCESS;
        }
        if (VERSION_FLAGS.contains(name)) {
            return new VersionCommand(terminal).run(List.of());
        }
        if (name.isEmpty() || name.startsWith("-")) {
            terminal.out().print(OVERVIEW);
            return ExitStatus.FAILURE;
        }
        Command command = find(name, arguments.subList(1, arguments.size()));
        Optional<List<String>> operands = command.flags().parse(arguments.subList(1, arguments.size()));
        if (operands.isEmpty()) {
            terminal.out().print(command.description());
            terminal.out().print(command.flags().describe());
            return ExitStatus.SUCCESS;
        }
        return command.run(operands.get());
    }

    private Command find(String name, List<String> arguments) throws CommandException {
        return switch (name) {
            case "version" -> new VersionCommand(terminal);
            case "adoptions" -> new AdoptionsCommand(terminal);
            case "databases" -> new DatabasesCommand(terminal);
            case "ltx" -> new LtxCommand(terminal);
            case "generations" -> new ListingCommand(terminal, Listing.GENERATIONS);
            case "snapshots" -> new ListingCommand(terminal, Listing.SNAPSHOTS);
            case "wal" -> WalCommand.of(terminal, arguments);
            case "replicate" -> new ReplicateCommand(terminal);
            case "restore" -> new RestoreCommand(terminal);
            case "demo" -> new DemoCommand(terminal);
            case "demo-application" -> new DemoApplicationCommand(terminal);
            case "install" -> new InstallCommand(terminal);
            default ->
                throw new CommandException(
                        "runnel " + name + ": unknown command",
                        Nearest.to(name, COMMANDS).map(near -> "runnel " + near).orElse("runnel help"));
        };
    }

    private ExitStatus fail(String message, String nextStep) {
        terminal.err().println("Error: " + Redaction.of(message));
        if (!nextStep.isEmpty()) {
            // A sentence stands for itself; anything else is something to type.
            boolean isSentence = Character.isUpperCase(nextStep.charAt(0));
            terminal.err().println(Redaction.of(isSentence ? nextStep : "Try: " + nextStep));
        }
        return ExitStatus.FAILURE;
    }
}
