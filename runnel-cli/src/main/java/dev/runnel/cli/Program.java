package dev.runnel.cli;

import dev.runnel.cli.config.ConfigException;
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
import java.util.stream.Collectors;

/** Finds the command that was asked for, runs it, and says on the error stream what went wrong. */
final class Program {
    /** What makes a command of a terminal and the arguments, which decide about the form of {@code wal}. */
    @FunctionalInterface
    private interface Maker {
        Command make(Terminal terminal, List<String> arguments);
    }

    /** @param summary what stands in the overview; empty for what is not for people to type */
    private record Entry(String name, String summary, Maker maker) {
        boolean isListed() {
            return !summary.isEmpty();
        }
    }

    private static final List<Entry> COMMANDS = List.of(
            new Entry(
                    "adoptions",
                    "lists, and confirms, where history continued with another database",
                    (terminal, _) -> new AdoptionsCommand(terminal)),
            new Entry(
                    "databases",
                    "lists the databases of the configuration",
                    (terminal, _) -> new DatabasesCommand(terminal)),
            new Entry(
                    "demo",
                    "shows replication, a crash and a restore with a database of its own",
                    (terminal, _) -> new DemoCommand(terminal)),
            new Entry(
                    "doctor",
                    "finds what is wrong at replicas and in local files, and repairs what is safe",
                    (terminal, _) -> new DoctorCommand(terminal)),
            new Entry(
                    "generations",
                    "lists the generations at the replicas of a database",
                    (terminal, _) -> new ListingCommand(terminal, Listing.GENERATIONS)),
            new Entry("info", "shows which daemon is running", (terminal, _) -> new InfoCommand(terminal)),
            new Entry("list", "lists the databases of the running daemon", (terminal, _) -> new ListCommand(terminal)),
            new Entry("ltx", "lists the LTX files of a replica", (terminal, _) -> new LtxCommand(terminal)),
            new Entry(
                    "register",
                    "has the running daemon follow one more database",
                    (terminal, _) -> new RegisterCommand(terminal)),
            new Entry(
                    "replicate",
                    "follows databases and ships every change to their replicas",
                    (terminal, _) -> new ReplicateCommand(terminal)),
            new Entry(
                    "reset",
                    "removes what is kept of a database on this machine",
                    (terminal, _) -> new ResetCommand(terminal)),
            new Entry("restore", "restores a database from a replica", (terminal, _) -> new RestoreCommand(terminal)),
            new Entry(
                    "snapshots",
                    "lists the snapshots at the replicas of a database",
                    (terminal, _) -> new ListingCommand(terminal, Listing.SNAPSHOTS)),
            new Entry(
                    "start",
                    "has the running daemon follow a database that was stopped",
                    (terminal, _) -> new SwitchCommand(terminal, SwitchCommand.To.START)),
            new Entry("status", "shows how databases are doing", (terminal, _) -> new StatusCommand(terminal)),
            new Entry(
                    "stop",
                    "has the running daemon do a last sync of a database, and end following it",
                    (terminal, _) -> new SwitchCommand(terminal, SwitchCommand.To.STOP)),
            new Entry(
                    "sync",
                    "has the running daemon capture and upload what is committed now",
                    (terminal, _) -> new SyncCommand(terminal)),
            new Entry(
                    "unregister",
                    "has the running daemon forget a database, after a last sync",
                    (terminal, _) -> new UnregisterCommand(terminal)),
            new Entry(
                    "verify",
                    "verifies that replicas restore to what the databases were",
                    (terminal, _) -> new VerifyCommand(terminal)),
            new Entry("version", "prints the version", (terminal, _) -> new VersionCommand(terminal)),
            new Entry("wal", "lists the changes at the replicas of a database", WalCommand::of),
            new Entry("demo-application", "", (terminal, _) -> new DemoApplicationCommand(terminal)),
            new Entry("install", "", (terminal, _) -> new InstallCommand(terminal)));

    private static final Set<String> VERSION_FLAGS = Set.of("-version", "--version", "-v");

    private final Terminal terminal;

    Program(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitStatus run(List<String> arguments) {
        try {
            return dispatch(arguments);
        } catch (ConfigException e) {
            // Its problems are redacted one by one: a key that is called secret stands before each that is about one.
            return report(String.valueOf(e.getMessage()), e.nextStep());
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
            terminal.out().print(overview());
            return ExitStatus.SUCCESS;
        }
        if (VERSION_FLAGS.contains(name)) {
            return new VersionCommand(terminal).run(List.of());
        }
        if (name.isEmpty() || name.startsWith("-")) {
            terminal.out().print(overview());
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
        return COMMANDS.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .map(entry -> entry.maker().make(terminal, arguments))
                .orElseThrow(() -> unknown(name));
    }

    private static CommandException unknown(String name) {
        List<String> names =
                COMMANDS.stream().filter(Entry::isListed).map(Entry::name).toList();
        return new CommandException(
                "runnel " + name + ": unknown command",
                Nearest.to(name, names).map(near -> "runnel " + near).orElse("runnel help"));
    }

    private static String overview() {
        String commands = COMMANDS.stream()
                .filter(Entry::isListed)
                .map(entry -> String.format("    %-13s%s\n", entry.name(), entry.summary()))
                .collect(Collectors.joining());
        return """
                Runnel keeps the history of SQLite databases at a replica and restores any point of it.

                Usage:

                    runnel <command> [flags] [arguments]

                Commands:

                """ + commands + """

                "runnel <command> -help" shows the help of a command.
                """;
    }

    private ExitStatus fail(String message, String nextStep) {
        return report(Redaction.of(message), Redaction.of(nextStep));
    }

    private ExitStatus report(String message, String nextStep) {
        terminal.err().println("Error: " + message);
        if (!nextStep.isEmpty()) {
            // A sentence stands for itself; anything else is something to type.
            boolean isSentence = Character.isUpperCase(nextStep.charAt(0));
            terminal.err().println(isSentence ? nextStep : "Try: " + nextStep);
        }
        return ExitStatus.FAILURE;
    }
}
