package dev.runnel.doctor;

import dev.runnel.ltx.Txid;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** TXIDs in words. */
final class TxidText {
    private TxidText() {}

    static String range(Txid first, Txid last) {
        return first.equals(last) ? "TXID " + first : "TXIDs " + first + " to " + last;
    }

    /** The restorable points around some TXIDs. */
    static String nearest(NavigableMap<Txid, Instant> points, Txid first, Txid last) {
        return "nearest restorable: " + point("before", points.lowerEntry(first)) + ", "
                + point("after", points.higherEntry(last));
    }

    private static String point(String side, Map.@Nullable Entry<Txid, Instant> point) {
        return point == null ? "none " + side : side + " it TXID " + point.getKey() + " of " + point.getValue();
    }
}
