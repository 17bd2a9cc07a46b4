package dev.runnel.engine.reconcile;

import dev.runnel.ltx.Txid;

/** Whose history a replica holds, as far as it is known. */
public sealed interface ReplicaState {
    /** Nothing there was compared with the local history since it was opened. */
    record Unseen() implements ReplicaState {}

    /** It holds the local history up to a TXID: compared, or written by this process. Only here is history appended. */
    record Ours(Txid position) implements ReplicaState {}

    /**
     * It holds something else, or nothing that could be compared. Runnel writes nothing and watches whether another process
     * does.
     *
     * @param first what was found
     * @param since when, in ticks
     */
    record Suspected(Observation first, Cause cause, long since) implements ReplicaState {}

    /**
     * It holds another history, which no other process continues. It stays, and nothing is appended until a snapshot
     * above it is durable at the replica; an attempt that fails changes nothing.
     *
     * @param highest the highest TXID of the other history
     */
    record Diverged(Txid highest, Cause cause) implements ReplicaState {}

    /** Another process writes there. Runnel writes nothing until it is started again. */
    record Foreign(Txid highest) implements ReplicaState {}

    /** It is encrypted for keys that are not configured. Runnel writes nothing until the configuration has changed. */
    record Locked() implements ReplicaState {}
}
