package dev.runnel.setup;

import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.NewestHistory;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.ReplicaException.NotReachable;
import dev.runnel.replica.ReplicaException.NothingToRestore;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore takes its files from, and which state it is.
 *
 * @param history of one replica, in one layout
 */
record ChosenHistory(ReplicaConfig replica, Restorable history, RestoreTarget target) {

    /** Looks for it among the replicas of a database. */
    static final class Search {
        private final Replicas replicas;
        private final RestoreChoice choice;
        private final Path scratch;

        /** @param scratch a file for what the restore needs on disk */
        Search(Replicas replicas, RestoreChoice choice, Path scratch) {
            this.replicas = replicas;
            this.choice = choice;
            this.scratch = scratch;
        }

        /**
         * The newest of some replicas: where the same TXIDs are at all of them, the one that has the highest; of those that
         * reach the same, the first. Looks at all of them, unless there is only one.
         *
         * @throws NewestUnknownException if one cannot be read: it may be the newest, and an older state must not be
         *     taken for the newest
         * @throws ReplicaException if none can restore what is asked for
         */
        ChosenHistory among(List<ReplicaConfig> candidates) throws IOException {
            RestoreTarget target = choice.target();
            if (candidates.size() == 1) {
                return in(candidates.getFirst(), target);
            }
            Optional<ChosenHistory> newest = Optional.empty();
            Optional<RestorePlan> best = Optional.empty();
            Optional<ReplicaException> refusal = Optional.empty();
            for (ReplicaConfig candidate : candidates) {
                try {
                    ChosenHistory found = in(candidate, target);
                    RestorePlan plan = found.history.plan(found.target);
                    if (best.isEmpty() || isNewer(plan, best.get())) {
                        newest = Optional.of(found);
                        best = Optional.of(plan);
                    }
                } catch (NothingToRestore e) {
                    refusal = refusal.or(() -> Optional.of(e));
                } catch (NotReachable e) {
                    // Says more than that another replica is empty.
                    refusal = refusal.filter(NotReachable.class::isInstance).or(() -> Optional.of(e));
                } catch (IOException e) {
                    throw new NewestUnknownException(candidate.name(), e);
                }
            }
            if (newest.isEmpty() && refusal.isPresent()) {
                throw refusal.get();
            }
            return newest.orElseThrow();
        }

        /** TXIDs are compared where there are some; history of Litestream 0.3 has only times. */
        private static boolean isNewer(RestorePlan plan, RestorePlan other) {
            return (plan.hasTxid() && other.hasTxid())
                    ? plan.reached().isAfter(other.reached())
                    : plan.time().isAfter(other.time());
        }

        private ChosenHistory in(ReplicaConfig replica, RestoreTarget target) throws IOException {
            Optional<String> generation = choice.generation();
            if (generation.isEmpty()) {
                List<Restorable> layouts = replicas.histories(replica, scratch);
                return new ChosenHistory(replica, NewestHistory.of(layouts, target), target);
            }
            HistoryGeneration chosen = generation(replica, generation.get());
            return new ChosenHistory(replica, chosen.history(), choice.targetIn(chosen));
        }

        /** The newest generation of a name, or of all if there is none. */
        private HistoryGeneration generation(ReplicaConfig replica, String name) throws IOException {
            String where = replica.location().display();
            List<HistoryGeneration> named = replicas.eachGeneration(replica, scratch).stream()
                    .filter(found -> name.isEmpty() || found.name().equals(name))
                    .toList();
            if (named.isEmpty()) {
                throw new NothingToRestore(where + (name.isEmpty() ? "" : ", generation " + name));
            }
            List<Map.Entry<HistoryGeneration, HistoryExtent>> extents = new ArrayList<>();
            for (HistoryGeneration each : named.size() == 1 ? List.<HistoryGeneration>of() : named) {
                each.extent().ifPresent(extent -> extents.add(Map.entry(each, extent)));
            }
            return extents.isEmpty()
                    ? named.getFirst()
                    : NewestHistory.newest(extents, Map.Entry::getValue, where).getKey();
        }
    }
}
