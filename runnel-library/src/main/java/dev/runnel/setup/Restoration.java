package dev.runnel.setup;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.FileStem;
import dev.runnel.platform.Links;
import dev.runnel.replica.RestorePlan;
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

/** Restores one database from the newest of its replicas. For one restore. */
public final class Restoration {
    private final Replicas replicas;
    private final Path output;
    private final Path scratch;
    private final ChosenHistory chosen;

    private Restoration(Replicas replicas, Path output, Path scratch, ChosenHistory chosen) {
        this.replicas = replicas;
        this.output = output;
        this.scratch = scratch;
        this.chosen = chosen;
    }

    /**
     * Looks at the replicas and chooses.
     *
     * @param output the database to make
     * @throws NewestUnknownException if one of several replicas cannot be read
     * @throws dev.runnel.replica.ReplicaException if none can restore what is asked for
     */
    public static Restoration prepare(
            Replicas replicas, List<ReplicaConfig> candidates, RestoreChoice choice, Path output) throws IOException {
        Path scratch = output.resolveSibling("." + FileStem.of(output) + ".pages.tmp");
        ChosenHistory chosen = new ChosenHistory.Search(replicas, choice, scratch).among(candidates);
        return new Restoration(replicas, output, scratch, chosen);
    }

    /** The replica that is restored from. */
    public ReplicaConfig replica() {
        return chosen.replica();
    }

    /** Which files would be fetched. Fetches none. */
    public RestorePlan plan() throws IOException {
        return chosen.history().plan(chosen.target());
    }

    /**
     * Restores.
     *
     * @param metaFolder where a Runnel that follows the database has its files, if that is known
     */
    public RestoreReport run(RestoreOptions options, Optional<Path> metaFolder) throws IOException {
        // A restore that was killed left it. One that still runs has it open and does not need the name.
        Disk disk = replicas.disk();
        if (Files.exists(scratch)) {
            disk.delete(scratch);
        }
        return restorer(disk)
                .restore(chosen.history(), chosen.target(), output, options.withLockFiles(lockFiles(metaFolder)));
    }

    /** Restores on this machine, each time with threads of its own. */
    static Restorer restorer(Disk disk) {
        return new Restorer(
                disk,
                Clock.system(),
                Entropy.system(),
                threads -> Executors.newFixedThreadPool(
                        threads,
                        Thread.ofPlatform().daemon().name("restore-", 0).factory()));
    }

    /** Of any Runnel that may be following the database that is replaced. */
    private List<Path> lockFiles(Optional<Path> metaFolder) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        metaFolder.ifPresent(folders::add);
        folders.add(DatabaseSpec.defaultMetaFolder(output));
        folders.add(DatabaseSpec.defaultMetaFolder(Links.follow(output)));
        return folders.stream().map(DatabaseSpec::lockFile).toList();
    }
}
