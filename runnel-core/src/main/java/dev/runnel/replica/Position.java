package dev.runnel.replica;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import java.util.Optional;

/**
 * How far a replica's history is whole.
 *
 * @param whole the newest TXID that restores; the first hole comes after it; NONE if nothing restores
 * @param highest the highest TXID any object names, holes or not; new TXIDs go above it
 * @param differenceFrom the TXID at which a file that spans several TXIDs has to start to continue this history;
 *     at most {@code whole + 1}
 * @param proof the proof in the newest file of the whole part, where it has one
 */
public record Position(Txid whole, Txid highest, Txid differenceFrom, Optional<Proof> proof) {
    public boolean hasHole() {
        return highest.isAfter(whole);
    }
}
