package dev.runnel.engine.reconcile;

import dev.runnel.engine.reconcile.Decision.Action;
import dev.runnel.engine.reconcile.LocalFacts.Beginning;
import dev.runnel.engine.reconcile.ReplicaState.Diverged;
import dev.runnel.engine.reconcile.ReplicaState.Foreign;
import dev.runnel.engine.reconcile.ReplicaState.Locked;
import dev.runnel.engine.reconcile.ReplicaState.Ours;
import dev.runnel.engine.reconcile.ReplicaState.Suspected;
import dev.runnel.engine.reconcile.ReplicaState.Unseen;
import dev.runnel.ltx.Proof;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whose history a replica holds, and what to do about it. The rules, in the order in which they are asked:
 *
 * <ol>
 *   <li>What was stopped stays stopped.
 *   <li>Encrypted history does not continue in the clear unless the operator has said so.
 *   <li>An empty replica is ours.
 *   <li>TXIDs above ours are another writer's; before the replica was ever compared, they have the local history opened
 *       again, above them.
 *   <li>A history that ends in a state of ours is ours. If it is adopted by a database that did not match it, it is watched
 *       and marked first.
 *   <li>Beside what was ours once, anything else is another writer's, except that files may be lost. If another history that
 *       lies below ours is what restores then, it is watched, too.
 *   <li>Anything else is watched. If no other process writes there, the local history continues above it with a
 *       snapshot.
 * </ol>
 */
public final class Reconciliation {
    /** The clocks of two machines may differ by so much. Beyond it the wrong one of two writers may stop. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private Reconciliation() {}

    /** Decides what follows from an observation. */
    public static Decision decide(ReplicaState state, Observation seen, LocalFacts facts) {
        if (state instanceof Foreign || state instanceof Locked) {
            return new Decision(state, new Action.Stop());
        }
        if (seen.comparison() == Comparison.UNREADABLE && !facts.mayLeaveEncryption()) {
            return new Decision(new Locked(), new Action.Stop());
        }
        if (seen.comparison() == Comparison.EMPTY) {
            return Decision.ours(seen.whole());
        }
        if (seen.highest().isAfter(facts.newest())) {
            return ahead(state, seen, facts);
        }
        if (seen.comparison() == Comparison.SAME) {
            return same(state, seen, facts);
        }
        if (state instanceof Ours ours) {
            return beside(ours, seen, facts);
        }
        return other(state, seen, facts, cause(seen));
    }

    /** Where objects of ours were lost that stood above another history, that history is what restores now. */
    private static Decision beside(Ours ours, Observation seen, LocalFacts facts) {
        if (seen.comparison() == Comparison.UNKNOWN && !seen.whole().isAfter(ours.position())) {
            return Decision.ours(seen.whole());
        }
        boolean isBelow = !seen.whole().isNone() && ours.position().isAfter(seen.whole());
        return seen.comparison() == Comparison.DIFFERENT && isBelow
                ? watch(ours, seen, Cause.ANOTHER_HISTORY, facts)
                : Decision.foreign(seen);
    }

    private static Cause cause(Observation seen) {
        return switch (seen.comparison()) {
            case DIFFERENT -> Cause.ANOTHER_HISTORY;
            case UNREADABLE -> Cause.ENCRYPTED;
            case UNKNOWN, EMPTY, SAME -> Cause.NOT_COMPARABLE;
        };
    }

    /** The replica has TXIDs above those of the local history. */
    private static Decision ahead(ReplicaState state, Observation seen, LocalFacts facts) {
        boolean wasThereAtOpening = facts.atOpening()
                .filter(known -> !seen.highest().isAfter(known))
                .isPresent();
        if (state instanceof Unseen && wasThereAtOpening) {
            // The local history is being opened above what is there.
            return new Decision(state, new Action.Watch());
        }
        boolean isFirst = state instanceof Unseen && facts.atOpening().isEmpty();
        return isFirst && !isWrittenNow(state, seen, facts)
                ? new Decision(state, new Action.Reopen())
                : Decision.foreign(seen);
    }

    private static Decision same(ReplicaState state, Observation seen, LocalFacts facts) {
        if (facts.pending().filter(Beginning::isAdoption).isEmpty()) {
            return Decision.ours(seen.whole());
        }
        if (isWrittenNow(state, seen, facts)) {
            return Decision.foreign(seen);
        }
        return isWatchedLongEnough(state, seen, facts)
                ? new Decision(new Ours(seen.whole()), new Action.MarkAdoption(seen.whole()))
                : watch(state, seen, Cause.ADOPTION, facts);
    }

    private static Decision other(ReplicaState state, Observation seen, LocalFacts facts, Cause cause) {
        boolean isOfAnotherDatabase = facts.pending().isEmpty() && isOfAnotherLineage(seen, facts);
        if (isOfAnotherDatabase || isWrittenNow(state, seen, facts)) {
            return Decision.foreign(seen);
        }
        if (!isWatchedLongEnough(state, seen, facts)) {
            return watch(state, seen, cause, facts);
        }
        return new Decision(
                new Diverged(seen.highest(), cause), new Action.SnapshotAbove(seen.highest(), seen.whole(), cause));
    }

    private static Decision watch(ReplicaState state, Observation seen, Cause cause, LocalFacts facts) {
        boolean isUnchanged =
                state instanceof Suspected suspected && suspected.first().isSameAs(seen);
        ReplicaState watched = isUnchanged ? state : new Suspected(seen, cause, facts.now());
        return new Decision(watched, new Action.Watch());
    }

    /** Where objects were lost meanwhile, watching begins again. */
    private static boolean isWatchedLongEnough(ReplicaState state, Observation seen, LocalFacts facts) {
        return switch (state) {
            case Suspected suspected ->
                suspected.first().isSameAs(seen) && facts.now() - suspected.since() >= facts.watch();
            case Diverged _ -> true;
            case Unseen _, Ours _, Foreign _, Locked _ -> false;
        };
    }

    /** Something was added while it was watched, or an object is younger than this process. */
    private static boolean isWrittenNow(ReplicaState state, Observation seen, LocalFacts facts) {
        boolean hasGrown = switch (state) {
            case Suspected suspected -> suspected.first().isContinuedBy(seen);
            case Diverged diverged -> seen.highest().isAfter(diverged.highest());
            case Unseen _, Ours _, Foreign _, Locked _ -> false;
        };
        return hasGrown
                || seen.newestObject()
                        .filter(time -> time.isAfter(facts.started().plus(CLOCKS_DIFFER)))
                        .isPresent();
    }

    /** Where no local history was lost, this history and an older state of it have one lineage. */
    private static boolean isOfAnotherLineage(Observation seen, LocalFacts facts) {
        Optional<Long> theirs = seen.proof().map(Proof::lineage);
        return theirs.isPresent()
                && facts.lineage().isPresent()
                && theirs.get() != facts.lineage().getAsLong();
    }
}
