package dev.runnel.engine.reconcile;

import dev.runnel.ltx.Proof;
import dev.runnel.replica.Position;
import java.util.Optional;

/** What comparing the end of a replica's history with the local history gives. */
public enum Comparison {
    /** There is no history at the replica. */
    EMPTY,
    /** It ends in a state that the local history had at the same TXID. */
    SAME,
    /** It ends in another state than the local history had at the same TXID. */
    DIFFERENT,
    /** One of the two says nothing about the state at that TXID. This is never taken for the same. */
    UNKNOWN,
    /** The newest objects cannot be read, because they are encrypted for keys that are not configured. */
    UNREADABLE;

    /** What the local history says about the two ends of a replica's history: where it becomes incomplete, and its last TXID. */
    public record Known(Optional<Proof> whole, Optional<Proof> highest, boolean isReadFromThisReplica) {}

    /**
     * Compares them. Beyond a hole the highest TXID has to agree, too: filling the hole continues with what is there.
     *
     * @param known of {@link Position#whole} and {@link Position#highest}
     */
    public static Comparison of(Position found, Known known) {
        if (found.isEncrypted()) {
            return UNREADABLE;
        }
        if (found.highest().isNone()) {
            return EMPTY;
        }
        Comparison whole =
                known.isReadFromThisReplica() && found.proof().isEmpty() ? SAME : compare(found.proof(), known.whole());
        if (!found.hasHole() || whole == DIFFERENT) {
            return whole;
        }
        Comparison highest = compare(found.highestProof(), known.highest());
        return whole == SAME || found.whole().isNone() ? highest : whole;
    }

    private static Comparison compare(Optional<Proof> there, Optional<Proof> here) {
        if (there.isEmpty() || here.isEmpty()) {
            return UNKNOWN;
        }
        return there.equals(here) ? SAME : DIFFERENT;
    }
}
