package dev.runnel.replica;

import dev.runnel.ltx.TxidRange;
import java.time.Instant;
import java.util.List;

/** What a replica can restore: unbroken chains, oldest first. */
public record History(List<Chain> chains) {
    /**
     * An unbroken run of history that starts with a baseline.
     *
     * @param txids first the baseline's TXID, last the newest that the chain reaches
     * @param from time of the baseline
     * @param to time of the newest change
     */
    public record Chain(TxidRange txids, Instant from, Instant to) {}
}
