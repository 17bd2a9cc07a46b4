package dev.runnel.ltx;

/** The TXIDs that one file spans, both ends included. */
public record TxidRange(Txid min, Txid max) {
    public TxidRange {
        if (min.isNone() || min.isAfter(max)) {
            throw new IllegalArgumentException("no TXID range: " + min + " to " + max);
        }
    }

    public static TxidRange of(Txid txid) {
        return new TxidRange(txid, txid);
    }

    public boolean isSingle() {
        return min.equals(max);
    }

    /** How many TXIDs it has. */
    public long count() {
        return max.value() - min.value() + 1;
    }

    /** A file that starts at TXID 1 stands alone: it holds every page. */
    public boolean isSnapshot() {
        return min.value() == 1;
    }

    @Override
    public String toString() {
        return min + "-" + max;
    }
}
