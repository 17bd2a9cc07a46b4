package dev.runnel.engine.reconcile;

import dev.runnel.ltx.Txid;

/**
 * What follows from an observation.
 *
 * @param state holds once the action is done; if it fails, the state before still holds, or {@link ReplicaState.Diverged}
 *     where the action is a snapshot
 */
public record Decision(ReplicaState state, Action action) {
    /** What is to be done at a replica, or because of it. */
    public sealed interface Action {
        /** Upload what is pending. */
        record Continue() implements Action {}

        /** Write nothing, and observe again soon. */
        record Watch() implements Action {}

        /** Open the local history again, above everything that is there. */
        record Reopen() implements Action {}

        /** Record at the replica that another database continues here, and which state was the last one before; then continue. */
        record MarkAdoption(Txid last) implements Action {}

        /**
         * Record at the replica what is kept, and continue above a TXID with a snapshot; then observe again.
         *
         * @param last the newest state of the other history that restores
         */
        record SnapshotAbove(Txid highest, Txid last, Cause cause) implements Action {}

        /** Write nothing any more. */
        record Stop() implements Action {}
    }

    static Decision ours(Txid position) {
        return new Decision(new ReplicaState.Ours(position), new Action.Continue());
    }

    static Decision foreign(Observation seen) {
        return new Decision(new ReplicaState.Foreign(seen.highest()), new Action.Stop());
    }
}
