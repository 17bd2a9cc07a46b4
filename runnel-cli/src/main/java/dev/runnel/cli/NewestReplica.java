package dev.runnel.cli;

import dev.runnel.cli.config.ReplicaConfig;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.ReplicaException.NotReachable;
import dev.runnel.replica.ReplicaException.NothingToRestore;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Chooses, among the replicas of a database, the one that restores a target to the highest TXID; of those that reach the
 * same, the first. TXIDs are the same at all replicas of a database.
 */
final class NewestReplica {
    private final Replicas replicas;
    private final RestoreTarget target;
    private Optional<ReplicaConfig> newest = Optional.empty();
    private Txid reached = Txid.NONE;
    private Optional<ReplicaException> refusal = Optional.empty();

    private NewestReplica(Replicas replicas, RestoreTarget target) {
        this.replicas = replicas;
        this.target = target;
    }

    /**
     * Looks at all of them, unless there is only one.
     *
     * @throws CommandException if one cannot be looked at: it may be the newest, and an older state must not pass for it
     * @throws ReplicaException if none can restore the target
     */
    static ReplicaConfig among(List<ReplicaConfig> candidates, Replicas replicas, RestoreTarget target)
            throws IOException {
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        NewestReplica choice = new NewestReplica(replicas, target);
        for (ReplicaConfig candidate : candidates) {
            choice.consider(candidate);
        }
        if (choice.newest.isEmpty() && choice.refusal.isPresent()) {
            throw choice.refusal.get();
        }
        return choice.newest.orElseThrow();
    }

    private void consider(ReplicaConfig candidate) throws IOException {
        try {
            Txid reaches = replicas.openToRead(candidate).plan(target).reached();
            if (reaches.isAfter(reached)) {
                newest = Optional.of(candidate);
                reached = reaches;
            }
        } catch (NothingToRestore e) {
            refusal = refusal.or(() -> Optional.of(e));
        } catch (NotReachable e) {
            // Says more than that another replica is empty.
            refusal = refusal.filter(NotReachable.class::isInstance).or(() -> Optional.of(e));
        } catch (IOException e) {
            throw new CommandException(
                    "which replica is the newest cannot be known: " + e.getMessage(),
                    "-replica NAME, to restore from another than \"" + candidate.name() + "\"",
                    e);
        }
    }
}
