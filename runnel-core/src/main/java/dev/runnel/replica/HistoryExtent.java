package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which history it is, and from where to where it goes: what tells which of several histories at one location is the newest.
 * The order of states is that of their TXIDs. Times are labels: a folder that was copied has those of the copy.
 *
 * @param numbering histories of one numbering share their TXIDs: each continues above the highest TXID of the others
 * @param lineage the writer, where it was Runnel
 * @param txids what the names of its objects span; empty where the history has no TXIDs
 * @param from the time of its oldest object
 * @param to the time of its newest object
 * @param times whose times they are
 */
public record HistoryExtent(
        String numbering, OptionalLong lineage, Optional<TxidRange> txids, Instant from, Instant to, Times times) {
    /** Whose times the objects of a history have. */
    public enum Times {
        /** Those that the writer gave them, as far as is known. */
        OWN,
        /** Others: the history was copied by a tool that does not keep them. */
        OF_A_COPY
    }

    /** How two histories compare. */
    public enum Order {
        NEWER,
        OLDER,
        SAME,
        /** They do not share TXIDs, and their times say nothing. */
        UNKNOWN
    }

    /** Whether the newest state of this history is newer than that of another one. */
    public Order compare(HistoryExtent other) {
        if (sharesTxids(other)) {
            return order(txids.orElseThrow()
                    .max()
                    .compareTo(other.txids.orElseThrow().max()));
        }
        if (times == Times.OF_A_COPY || other.times == Times.OF_A_COPY || to.equals(other.to)) {
            return Order.UNKNOWN;
        }
        return order(to.compareTo(other.to));
    }

    /** The same history as far as a state. */
    public HistoryExtent upTo(Txid txid, Instant time) {
        return new HistoryExtent(numbering, lineage, txids.map(_ -> TxidRange.of(txid)), from, time, times);
    }

    private boolean sharesTxids(HistoryExtent other) {
        boolean sameWriter = lineage.isPresent() && lineage.equals(other.lineage);
        return txids.isPresent() && other.txids.isPresent() && (sameWriter || numbering.equals(other.numbering));
    }

    private static Order order(int comparison) {
        if (comparison == 0) {
            return Order.SAME;
        }
        return comparison > 0 ? Order.NEWER : Order.OLDER;
    }
}
