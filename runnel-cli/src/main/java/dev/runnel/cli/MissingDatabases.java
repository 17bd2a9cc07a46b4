package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.Restoration;
import dev.runnel.setup.RestoreChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores databases that are not there, before they are followed and before an application can make empty ones in their
 * stead. So whatever keeps one from being restored ends the program, but for replicas that have no history at all.
 */
final class MissingDatabases {
    private static final Logger LOG = LoggerFactory.getLogger(MissingDatabases.class);

    private final Terminal terminal;
    private final Replicas replicas;

    MissingDatabases(Terminal terminal, Replicas replicas) {
        this.terminal = terminal;
        this.replicas = replicas;
    }

    /**
     * Restores those for which the configuration asks for it, one after the other.
     *
     * @throws CommandException if one cannot be restored; it is not there then
     */
    void restore(Config config) throws CommandException {
        List<DatabaseConfig> missing = config.databases().stream()
                .filter(database -> config.restoredIfMissing().contains(database.path()))
                .filter(database -> !Files.exists(database.path()))
                .toList();
        for (DatabaseConfig database : missing) {
            try {
                restore(database);
            } catch (IOException e) {
                throw failed(database, e);
            }
        }
    }

    private void restore(DatabaseConfig database) throws IOException {
        try (ProgressDisplay display = terminal.progress("restoring")) {
            LOG.info("{} does not exist; restoring it", database.path());
            Restoration restoration = Restoration.prepare(
                    replicas, database.replicas(), RestoreChoice.of(new RestoreTarget.Latest()), database.path());
            RestoreResult result = new RestoreResult(
                    restoration.replica(),
                    database.path(),
                    restoration.run(
                            RestoreOptions.DEFAULT.withProgress(display.progress()),
                            Optional.of(database.metaFolder())));
            result.lines().forEach(LOG::info);
            result.warnings().forEach(LOG::warn);
        } catch (ReplicaException.NothingToRestore e) {
            LOG.warn(
                    "{} does not exist, and no replica has history of it, so nothing is restored: it is a new database",
                    database.path());
        }
    }

    private static CommandException failed(DatabaseConfig database, IOException fault) {
        String nextStep =
                fault instanceof RunnelException known && !known.nextStep().isEmpty()
                        ? known.nextStep()
                        : "Fix the cause and start Runnel again.";
        return new CommandException(
                database.path() + " does not exist and could not be restored, so nothing is started: "
                        + FaultText.of(fault),
                nextStep,
                fault);
    }
}
