package dev.runnel.cli;

import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.replica.ReplicaException;
import dev.runnel.restore.RestoreReport;
import dev.runnel.setup.NewestUnknownException;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Restores one database as the flags say, and shows nothing but progress. */
final class DatabaseRestore {
    private final Terminal terminal;
    private final RestoreFlags flags;
    private final ReplicaFlag replicaFlag;
    private final Replicas replicas;

    DatabaseRestore(Terminal terminal, RestoreFlags flags, ReplicaFlag replicaFlag) {
        this.terminal = terminal;
        this.flags = flags;
        this.replicaFlag = replicaFlag;
        this.replicas = terminal.replicas();
    }

    /** What comes of it. */
    sealed interface Outcome {
        record Restored(RestoreResult result) implements Outcome {}

        /** With {@code -dry-run}. */
        record Planned(RestorePlanText plan) implements Outcome {}

        /** The replica is empty, and that may be. */
        record NoBackup() implements Outcome {}
    }

    Outcome run(ReplicaSource source, Path output) throws IOException {
        try {
            Restoration restoration = Restoration.prepare(replicas, replicaFlag.among(source), flags, output);
            if (flags.dryRun.value()) {
                return new Outcome.Planned(
                        new RestorePlanText(source.name(), restoration.replica(), output, restoration.plan()));
            }
            RestoreReport report = restore(restoration, metaFolder(source, output));
            return new Outcome.Restored(new RestoreResult(restoration.replica(), output, report));
        } catch (ReplicaException.NothingToRestore e) {
            if (!flags.ifReplicaExists.value()) {
                throw e;
            }
            return new Outcome.NoBackup();
        } catch (NewestUnknownException e) {
            throw new CommandException(
                    e.reason(), "-replica NAME, to restore from a replica other than \"" + e.replica() + "\"", e);
        }
    }

    private static Optional<Path> metaFolder(ReplicaSource source, Path output) {
        return source.metaFolder().filter(_ -> source.database().equals(Optional.of(output)));
    }

    private RestoreReport restore(Restoration restoration, Optional<Path> metaFolder) throws IOException {
        if (flags.quiet.value()) {
            return restoration.run(flags.options(), metaFolder);
        }
        try (ProgressDisplay display = terminal.progress("restoring")) {
            return restoration.run(flags.options().withProgress(display.progress()), metaFolder);
        }
    }
}
