package dev.runnel.cli;

import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.FileStem;
import dev.runnel.platform.Links;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;

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
        this.replicas = new Replicas(Disk.system(), terminal.environment());
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
        Path scratch = output.resolveSibling("." + FileStem.of(output) + ".pages.tmp");
        try {
            ChosenHistory chosen = new ChosenHistory.Choice(replicas, flags, scratch).among(replicaFlag.among(source));
            if (flags.dryRun.value()) {
                RestorePlan plan = chosen.history().plan(chosen.target());
                return new Outcome.Planned(new RestorePlanText(source.name(), chosen.replica(), output, plan));
            }
            // A restore that was killed left it. One that still runs has it open and does not need the name.
            if (Files.exists(scratch)) {
                Disk.system().delete(scratch);
            }
            RestoreOptions options = flags.options().withLockFiles(lockFiles(source, output));
            RestoreReport report = restore(chosen.history(), chosen.target(), output, options);
            return new Outcome.Restored(new RestoreResult(chosen.replica(), output, report));
        } catch (ReplicaException.NothingToRestore e) {
            if (!flags.ifReplicaExists.value()) {
                throw e;
            }
            return new Outcome.NoBackup();
        }
    }

    /** Of any Runnel that may be following the database that is replaced. */
    private static List<Path> lockFiles(ReplicaSource source, Path output) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        if (source.database().equals(Optional.of(output))) {
            source.metaFolder().ifPresent(folders::add);
        }
        folders.add(DatabaseSpec.defaultMetaFolder(output));
        folders.add(DatabaseSpec.defaultMetaFolder(Links.follow(output)));
        return folders.stream().map(DatabaseSpec::lockFile).toList();
    }

    private RestoreReport restore(Restorable history, RestoreTarget target, Path output, RestoreOptions options)
            throws IOException {
        Restorer restorer = new Restorer(
                Disk.system(),
                Clock.system(),
                Entropy.system(),
                threads -> Executors.newFixedThreadPool(
                        threads,
                        Thread.ofPlatform().daemon().name("restore-", 0).factory()));
        if (flags.quiet.value()) {
            return restorer.restore(history, target, output, options);
        }
        try (ProgressDisplay display = display()) {
            return restorer.restore(history, target, output, options.withProgress(display.progress()));
        }
    }

    private ProgressDisplay display() {
        return switch (terminal.errorStream()) {
            case PERSON -> ProgressDisplay.onScreen(terminal.err());
            case PROGRAM -> ProgressDisplay.inLines(terminal.err());
        };
    }
}
