package dev.runnel.replica;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses among the histories at one place, of which each may be in another layout. */
public final class NewestHistory {
    private NewestHistory() {}

    /**
     * The history that a target is to be restored from: without a time the newest, though its newest state may turn out to
     * be out of reach; with a time the one that comes nearest to it; with a TXID the first that has it.
     *
     * @param histories at least one
     */
    public static Restorable of(List<? extends Restorable> histories, RestoreTarget target) throws IOException {
        List<Restorable> present = new ArrayList<>();
        for (Restorable history : histories) {
            if (history.newest().isPresent()) {
                present.add(history);
            }
        }
        if (present.size() <= 1) {
            return present.isEmpty() ? histories.getFirst() : present.getFirst();
        }
        Restorable chosen = present.getFirst();
        Optional<Instant> best = Optional.empty();
        for (Restorable history : present) {
            Optional<Instant> reaches = reaches(history, target);
            if (reaches.isPresent() && (best.isEmpty() || reaches.get().isAfter(best.get()))) {
                chosen = history;
                best = reaches;
            }
        }
        return chosen;
    }

    /** What a history is measured by; empty if it does not have the target. */
    private static Optional<Instant> reaches(Restorable history, RestoreTarget target) throws IOException {
        return switch (target) {
            case RestoreTarget.Latest() -> history.newest();
            case RestoreTarget.AtTime _ -> planned(history, target).map(RestorePlan::time);
            case RestoreTarget.AtTxid _ -> planned(history, target).map(_ -> Instant.MIN);
        };
    }

    private static Optional<RestorePlan> planned(Restorable history, RestoreTarget target) throws IOException {
        try {
            return Optional.of(history.plan(target));
        } catch (ReplicaException.NotReachable _) {
            // Another history may have it; if none has, the first says why.
            return Optional.empty();
        }
    }
}
