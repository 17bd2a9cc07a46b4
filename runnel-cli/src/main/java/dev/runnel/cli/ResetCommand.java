package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.platform.ProcessLock;
import dev.runnel.setup.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code reset}: removes what Runnel keeps of a database on this machine. */
final class ResetCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel reset", "DB_PATH");
    private final ConfigFlags configFlags;
    private final Flag<Boolean> dryRun;

    ResetCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        dryRun = flags.addSwitch("dry-run", "Lists what would be removed, and removes nothing.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Removes what Runnel keeps of a database on this machine: its change log and its
                ledger. The database and its replicas are not touched; the next "runnel replicate"
                reads the database as a whole, and continues at each replica or makes a snapshot.
                Local state that is lost or damaged is repaired without this command.

                Usage:

                    runnel reset [flags] DB_PATH

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Path database =
                Operands.locate(configFlags.locations(), Operands.database("runnel reset /path/to/db", operands));
        if (!Files.exists(database)) {
            throw new CommandException("database does not exist: " + database);
        }
        Optional<Config> config = configFlags.namesFile() ? Optional.of(configFlags.read()) : configFlags.readIfThere();
        Path meta = config.flatMap(found -> found.database(database))
                .map(DatabaseConfig::metaFolder)
                .orElseGet(() -> DatabaseSpec.defaultMetaFolder(database));
        if (!Files.isDirectory(meta)) {
            terminal.out().println("No local state to reset for " + database);
            terminal.out().println("Meta folder does not exist: " + meta);
        } else if (dryRun.value()) {
            preview(database, meta);
        } else {
            reset(database, meta);
        }
        return ExitStatus.SUCCESS;
    }

    private void preview(Path database, Path meta) throws IOException {
        terminal.out().println("Dry run: local state would be reset for: " + database);
        terminal.out().println("Would remove: " + meta);
        terminal.out().println("Files that would be removed:");
        for (Path file : contents(meta)) {
            if (!Files.isDirectory(file)) {
                terminal.out().println("  " + file);
            }
        }
    }

    /** Under the lock that a daemon holds: one that follows the database would go on with files that are gone. */
    private void reset(Path database, Path meta) throws IOException {
        switch (ProcessLock.tryTake(DatabaseSpec.lockFile(meta))) {
            case ProcessLock.Attempt.HeldBy(String holder) ->
                throw new CommandException(
                        database + " is followed by " + holder, "End it first, or use \"runnel stop\".");
            case ProcessLock.Attempt.Taken(ProcessLock lock) -> {
                try (lock) {
                    terminal.out().println("Resetting local state for: " + database);
                    terminal.out().println("Removing: " + meta);
                    for (Path file : contents(meta)) {
                        Files.delete(file);
                    }
                }
            }
        }
        terminal.out().println("Reset complete. The next \"runnel replicate\" reads the database as a whole.");
    }

    /** What is in a folder before the folder itself. The lock stays: another process may be waiting for this very file. */
    private static List<Path> contents(Path meta) throws IOException {
        Path lock = DatabaseSpec.lockFile(meta);
        try (Stream<Path> tree = Files.walk(meta)) {
            return tree.filter(file -> !file.equals(meta) && !file.equals(lock))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }
}
