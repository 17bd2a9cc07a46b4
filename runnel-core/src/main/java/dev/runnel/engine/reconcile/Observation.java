package dev.runnel.engine.reconcile;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import java.time.Instant;
import java.util.Optional;

/**
 * What was found at a replica.
 *
 * @param whole the newest TXID that restores; NONE if nothing does
 * @param highest the highest TXID of any object whose content was read and agrees with its name
 * @param proof the proof in the newest file of the whole part, where it has one
 * @param comparison of all that with the local history
 * @param newestObject the time of the newest object; may be left out where the comparison needs no more
 */
public record Observation(
        Txid whole, Txid highest, Optional<Proof> proof, Comparison comparison, Optional<Instant> newestObject) {
    /** Whether a later observation shows something that another process wrote since: more, or another state. */
    boolean isContinuedBy(Observation later) {
        boolean isMore = later.highest.isAfter(highest) || later.whole.isAfter(whole);
        return isMore || (later.whole.equals(whole) && !later.proof.equals(proof));
    }

    /** Whether another observation found the same objects. */
    boolean isSameAs(Observation other) {
        return whole.equals(other.whole) && highest.equals(other.highest) && proof.equals(other.proof);
    }
}
