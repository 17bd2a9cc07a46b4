package dev.runnel.setup;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.DatabaseSpec.ReplicaSpec;
import dev.runnel.location.StoreTraits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Makes what the engine follows out of what a user has set up. */
public final class DatabaseSpecs {
    private final Replicas replicas;
    private final Set<Duty> duties;
    private final UnaryOperator<Layout> layout;

    /** For a process that keeps replicas: it ships, merges, removes and makes snapshots when they are due. */
    public DatabaseSpecs(Replicas replicas) {
        this(replicas, EnumSet.of(Duty.MAINTENANCE, Duty.SCHEDULED_BASELINES), UnaryOperator.identity());
    }

    /**
     * For a process that does something else.
     *
     * @param duties what is done at the replicas besides shipping
     * @param layout what becomes of the layout and policy of each replica
     */
    public DatabaseSpecs(Replicas replicas, Set<Duty> duties, UnaryOperator<Layout> layout) {
        this.replicas = replicas;
        this.duties = Set.copyOf(duties);
        this.layout = layout;
    }

    /** One database with its replicas. They are opened, which costs nothing; nothing is touched before the engine starts. */
    public DatabaseSpec of(DatabaseConfig database) {
        List<ReplicaSpec> specs = new ArrayList<>();
        for (ReplicaConfig replica : database.replicas()) {
            specs.add(replica(replica, database.metaFolder().resolve("baseline-" + specs.size() + ".index")));
        }
        return new DatabaseSpec(
                database.path(),
                database.metaFolder(),
                specs,
                database.syncInterval(),
                database.busyTimeout(),
                database.attach(),
                database.journal(),
                database.checkpoints(),
                database.walLimit(),
                database.logLimit(),
                database.fileSystems());
    }

    private ReplicaSpec replica(ReplicaConfig replica, Path scratch) {
        return new ReplicaSpec(
                replica.location().display(),
                replica.location().failureDomain(),
                replicas.open(replica.with(layout.apply(replica.layout())), scratch),
                Replicas.folders(replica),
                intervals(replica),
                dutiesOf(replica));
    }

    /** Where new objects are encrypted, history may continue above objects that were encrypted for other keys. */
    private Set<Duty> dutiesOf(ReplicaConfig replica) {
        Set<Duty> all = EnumSet.noneOf(Duty.class);
        all.addAll(duties);
        if (replica.store().encryption().isPresent()) {
            all.add(Duty.LEAVE_ENCRYPTED);
        }
        return all;
    }

    /**
     * A folder costs nothing to list, unless it has an object for each change set; what is asked of an object store is paid
     * for.
     */
    private static ListingIntervals intervals(ReplicaConfig replica) {
        if (replica.location().traits().listings() == StoreTraits.Listings.PAID) {
            return ListingIntervals.SELDOM;
        }
        return replica.layout() instanceof Layout.Ltx
                ? ListingIntervals.OFTEN
                : new ListingIntervals(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofSeconds(5));
    }
}
