package dev.runnel;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.restore.ProvenBy;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.RestoredImage;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.Restoration;
import dev.runnel.setup.RestoreChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A database to restore: the newest state of the newest of some replicas, unless something else is asked for. Immutable:
 * each method returns another one, and nothing happens before {@link #plan}, {@link #run} or {@link #runIfMissing}.
 *
 * <p>The database gets its name only when it is complete and its checksum is right.
 */
public final class RestoreRequest {
    private final Path output;
    private final List<ReplicaConfig> replicas;
    private final RestoreTarget target;
    private final RestoreOptions options;

    RestoreRequest(Path output, List<ReplicaConfig> replicas) {
        this(output, replicas, new RestoreTarget.Latest(), RestoreOptions.DEFAULT);
    }

    private RestoreRequest(Path output, List<ReplicaConfig> replicas, RestoreTarget target, RestoreOptions options) {
        this.output = output;
        this.replicas = List.copyOf(replicas);
        this.target = target;
        this.options = options;
    }

    /** Exactly one TXID instead of the newest. */
    public RestoreRequest txid(long txid) {
        return new RestoreRequest(output, replicas, new RestoreTarget.AtTxid(new Txid(txid)), options);
    }

    /** The newest state at or before a time. */
    public RestoreRequest timestamp(Instant time) {
        return new RestoreRequest(output, replicas, new RestoreTarget.AtTime(time), options);
    }

    /** Replaces a database that exists. Without this a database that exists is an error. */
    public RestoreRequest replaceExisting() {
        return with(options.withExisting(RestoreOptions.ExistingOutput.REPLACE));
    }

    /** Also has SQLite check the restored database ({@code PRAGMA integrity_check}) before it gets its name. */
    public RestoreRequest checkIntegrity() {
        return with(options.withIntegrityCheck(IntegrityCheck.FULL));
    }

    /** How many parts are fetched at a time; without this 8. */
    public RestoreRequest parallelism(int parts) {
        return with(options.withParallelism(parts));
    }

    private RestoreRequest with(RestoreOptions other) {
        return new RestoreRequest(output, replicas, target, other);
    }

    /**
     * What {@link #run} would do. Looks at the replicas and fetches nothing.
     *
     * @throws IOException if nothing can be restored, or a replica cannot be read
     */
    public RestorePreview plan() throws IOException {
        try (Replicas opened = open()) {
            Restoration restoration = prepare(opened);
            RestorePlan plan = restoration.plan();
            return new RestorePreview(
                    restoration.replica().location().display(),
                    txid(plan),
                    plan.point(),
                    plan.time(),
                    plan.files().size(),
                    plan.totalSize());
        }
    }

    /**
     * Restores.
     *
     * @throws IOException if nothing can be restored, the database exists, or what is there does not prove to be right; the
     *     database is not there then, or as it was
     */
    public RestoredDatabase run() throws IOException {
        try (Replicas opened = open()) {
            Restoration restoration = prepare(opened);
            return result(restoration.replica(), restoration.run(options, Optional.empty()));
        }
    }

    /**
     * Restores if the database is not there and a replica has history; empty if not.
     *
     * @throws IOException as {@link #run}; also if a replica cannot be read
     */
    public Optional<RestoredDatabase> runIfMissing() throws IOException {
        if (Files.exists(output)) {
            return Optional.empty();
        }
        try {
            return Optional.of(run());
        } catch (ReplicaException.NothingToRestore e) {
            return Optional.empty();
        }
    }

    private static Replicas open() {
        return new Replicas(Disk.system(), Clock.system(), System.getenv());
    }

    private Restoration prepare(Replicas opened) throws IOException {
        return Restoration.prepare(opened, replicas, RestoreChoice.of(target), output);
    }

    private RestoredDatabase result(ReplicaConfig replica, RestoreReport report) {
        RestoredImage image = report.image();
        return new RestoredDatabase(
                output,
                replica.location().display(),
                txid(image.plan()),
                image.plan().point(),
                image.plan().time(),
                image.provenBy() == ProvenBy.DATABASE_CHECKSUM,
                image.size(),
                report.duration(),
                report.warnings());
    }

    private static long txid(RestorePlan plan) {
        return plan.hasTxid() ? plan.reached().value() : 0;
    }
}
