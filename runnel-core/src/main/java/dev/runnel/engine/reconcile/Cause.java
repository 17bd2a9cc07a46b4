package dev.runnel.engine.reconcile;

/** Why the history at a replica does not simply continue. */
public enum Cause {
    /** The replica holds another state under a TXID that the local history has, too. */
    ANOTHER_HISTORY,
    /**
     * This host has no record of the TXID at which the replica ends, so it cannot be decided whether it is the same
     * history.
     */
    NOT_COMPARABLE,
    /** The newest objects at the replica are encrypted for keys that are not configured. */
    ENCRYPTED,
    /**
     * There was no local history, and the database does not match the newest state at the replica: it may be another
     * database, or an empty one.
     */
    ADOPTION
}
