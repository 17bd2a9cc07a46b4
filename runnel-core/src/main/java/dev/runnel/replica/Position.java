package dev.runnel.replica;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import java.util.Optional;

/**
 * How far a replica's history is whole. No name alone decides anything here: a TXID counts once the content of an object
 * was read, or written by this process, and agrees with its name.
 *
 * @param whole the newest TXID that restores; the first hole comes after it; NONE if nothing restores
 * @param highest the highest TXID of any object, holes or not; new TXIDs go above it
 * @param differenceFrom the TXID at which a file that spans several TXIDs has to start to continue this history;
 *     at most {@code whole + 1}
 * @param proof the proof in the newest file of the whole part, where it has one
 * @param highestProof the proof in the object of the highest TXID, where it has one
 * @param isEncrypted whether the newest object, or the one that everything after the whole part depends on, cannot be read
 *     because it is encrypted for keys that are not configured; then the highest TXID may be only what a name says
 */
public record Position(
        Txid whole,
        Txid highest,
        Txid differenceFrom,
        Optional<Proof> proof,
        Optional<Proof> highestProof,
        boolean isEncrypted) {
    /** A history without a hole, or of which nothing is known beyond it. */
    public Position(Txid whole, Txid highest, Txid differenceFrom, Optional<Proof> proof) {
        this(whole, highest, differenceFrom, proof, highest.equals(whole) ? proof : Optional.empty(), false);
    }

    public boolean hasHole() {
        return highest.isAfter(whole);
    }
}
