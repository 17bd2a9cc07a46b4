package dev.runnel.replica;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses among the histories at one location, each of which may be in another layout. TXIDs decide; times only where
 * histories do not share TXIDs; and where these say nothing, the choice is the operator's.
 */
public final class NewestHistory {
    private NewestHistory() {}

    /** A history, and as far as it goes for a target; or why it does not have the target. */
    private record Candidate(
            Restorable history, HistoryExtent extent, Optional<ReplicaException.NotReachable> refusal) {}

    /**
     * The history that a target is to be restored from: without a time the newest, though its newest state may turn out to
     * be out of reach; with a time the newest that has a state of that time; with a TXID the first that has it.
     *
     * @param histories at least one
     * @throws ReplicaException.NotReachable if it cannot be determined which one is the newest, or if the newest one does
     *     not have the state of that time and an older one would pass for it
     */
    public static Restorable of(List<? extends Restorable> histories, RestoreTarget target) throws IOException {
        List<Restorable> found = new ArrayList<>();
        for (Restorable history : histories) {
            if (history.newest().isPresent()) {
                found.add(history);
            }
        }
        if (found.size() <= 1) {
            return found.isEmpty() ? histories.getFirst() : found.getFirst();
        }
        List<Candidate> present = candidates(found);
        if (present.size() <= 1) {
            return present.isEmpty() ? found.getFirst() : present.getFirst().history;
        }
        return switch (target) {
            case RestoreTarget.Latest _ -> newest(present).history;
            case RestoreTarget.AtTxid _ -> first(present, target).history;
            case RestoreTarget.AtTime at -> ofTime(present, at).history;
        };
    }

    /**
     * The newest of some histories; of those that reach the same, the first.
     *
     * @param histories at least one
     * @param where for the error
     */
    public static <H> H newest(List<H> histories, Function<H, HistoryExtent> extent, String where)
            throws ReplicaException.NotReachable {
        H newest = histories.getFirst();
        for (H history : histories.subList(1, histories.size())) {
            switch (extent.apply(history).compare(extent.apply(newest))) {
                case NEWER -> newest = history;
                case OLDER, SAME -> {}
                case UNKNOWN -> throw unknown(extent.apply(newest), extent.apply(history), where);
            }
        }
        return newest;
    }

    private static List<Candidate> candidates(List<Restorable> histories) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (Restorable history : histories) {
            Optional<HistoryExtent> extent = history.extent();
            if (extent.isPresent()) {
                candidates.add(new Candidate(history, extent.get(), Optional.empty()));
            }
        }
        return candidates;
    }

    private static Candidate newest(List<Candidate> candidates) throws ReplicaException.NotReachable {
        return newest(
                candidates, Candidate::extent, candidates.getFirst().history.description());
    }

    private static Candidate first(List<Candidate> present, RestoreTarget target) throws IOException {
        for (Candidate candidate : present) {
            if (reaching(candidate, target).refusal.isEmpty()) {
                return candidate;
            }
        }
        return present.getFirst();
    }

    private static Candidate ofTime(List<Candidate> present, RestoreTarget.AtTime target) throws IOException {
        List<Candidate> able = new ArrayList<>();
        List<Candidate> refusing = new ArrayList<>();
        for (Candidate candidate : present) {
            Candidate found = reaching(candidate, target);
            (found.refusal.isEmpty() ? able : refusing).add(found);
        }
        if (able.isEmpty()) {
            return present.getFirst();
        }
        Candidate newest = newest(able);
        for (Candidate other : refusing) {
            boolean isOfThatTime = !other.extent.from().isAfter(target.time());
            if (isOfThatTime && newest.extent.compare(other.extent) != HistoryExtent.Order.NEWER) {
                throw other.refusal.orElseThrow();
            }
        }
        return newest;
    }

    private static Candidate reaching(Candidate candidate, RestoreTarget target) throws IOException {
        try {
            RestorePlan plan = candidate.history.plan(target);
            return new Candidate(
                    candidate.history, candidate.extent.upTo(plan.reached(), plan.time()), Optional.empty());
        } catch (ReplicaException.NotReachable e) {
            return new Candidate(candidate.history, candidate.extent, Optional.of(e));
        }
    }

    private static ReplicaException.NotReachable unknown(HistoryExtent one, HistoryExtent other, String where) {
        return new ReplicaException.NotReachable(
                where + ": two histories are there, and which one is newer cannot be determined: " + name(one)
                        + ", and " + name(other)
                        + ". They do not share TXIDs, and the times of their files say nothing",
                "List both with \"runnel generations\", and name the one to restore with -generation.");
    }

    private static String name(HistoryExtent extent) {
        return extent.numbering()
                + extent.txids().map(txids -> " up to TXID " + txids.max()).orElse(" without TXIDs") + ", of "
                + extent.to();
    }
}
