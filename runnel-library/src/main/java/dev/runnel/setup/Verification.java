package dev.runnel.setup;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.log.LoggedStates;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.ReplicaException;
import dev.runnel.restore.RestoreProgress;
import dev.runnel.verify.HistoryReport;
import dev.runnel.verify.ScratchRestore;
import dev.runnel.verify.Verifier;
import dev.runnel.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Verifies everything at replicas: the history in the {@code ltx} layout, and every generation of the other. */
public final class Verification {
    /** What the history in the {@code ltx} layout is called. */
    public static final String LTX = "ltx";

    private final Replicas replicas;
    private final Path scratchFolder;
    private final Verifier verifier;

    /** @param scratchFolder for what a verification needs on disk; with {@code RESTORE} a whole database */
    public Verification(Replicas replicas, VerifyOptions options, Path scratchFolder, RestoreProgress progress) {
        this.replicas = replicas;
        this.scratchFolder = scratchFolder;
        Disk disk = replicas.disk();
        Entropy entropy = Entropy.system();
        ScratchRestore scratch = new ScratchRestore(Restoration.restorer(disk), disk, scratchFolder, entropy);
        this.verifier = new Verifier(options, scratch, Clock.system(), entropy, progress);
    }

    /**
     * Verifies each history of a replica.
     *
     * @param metaFolder where Runnel has its files for the database on this machine, if it follows it
     * @throws ReplicaException.NothingToRestore if there is none
     * @throws dev.runnel.store.StoreException if the replica cannot be read
     */
    public List<HistoryReport> verify(ReplicaConfig replica, Optional<Path> metaFolder) throws IOException {
        Optional<LoggedStates> recorded =
                metaFolder.map(folder -> new LoggedStates(replicas.disk(), DatabaseSpec.logFolder(folder)));
        OptionalLong lineage = recorded.isPresent() ? recorded.get().lineage() : OptionalLong.empty();
        List<HistoryReport> reports = new ArrayList<>();
        verifier.verify(LTX, replicas.ltxToRead(replica), recorded.filter(_ -> replica.layout() instanceof Layout.Ltx))
                .ifPresent(reports::add);
        Path scratch =
                scratchFolder.resolve("runnel-verify-" + ProcessHandle.current().pid() + ".pages.tmp");
        for (HistoryGeneration.OfWals generation : replicas.generations(replica, scratch)) {
            boolean isOurs =
                    lineage.isPresent() && generation.generation().lineage().equals(lineage);
            verifier.verify(generation.name(), generation.history(), recorded.filter(_ -> isOurs))
                    .ifPresent(reports::add);
        }
        if (reports.isEmpty()) {
            throw new ReplicaException.NothingToRestore(replica.location().display());
        }
        return List.copyOf(reports);
    }
}
