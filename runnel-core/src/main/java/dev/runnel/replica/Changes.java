package dev.runnel.replica;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.store.Body;
import java.time.Instant;
import java.util.Optional;

/**
 * The pages that changed over a range of TXIDs, as one LTX file.
 *
 * @param time the time of the newest change in it
 * @param proof the proof in the file, where it is known without reading the file
 * @param file the bytes of the LTX file
 */
public record Changes(TxidRange range, Instant time, Optional<Proof> proof, Body file) {
    /** Changes whose proof is found when the file is read. */
    public Changes(TxidRange range, Instant time, Body file) {
        this(range, time, Optional.empty(), file);
    }

    /** One change set. */
    public static Changes of(Txid txid, Instant time, Proof proof, Body file) {
        return new Changes(TxidRange.of(txid), time, Optional.of(proof), file);
    }
}
