package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Takeover;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What retention keeps, however it is set, because of what is recorded at the replica: the last state before another
 * database was adopted, and everything before encrypted history was left.
 *
 * @param upTo everything up to this TXID
 * @param objects and these
 */
public record KeptObjects(Txid upTo, Set<HistoryObject> objects) {
    /**
     * Finds them.
     *
     * @param usable the objects that can be relied on
     * @param now which records are in force is told by this
     */
    public static KeptObjects of(Collection<HistoryObject> usable, List<Takeover> takeovers, Instant now) {
        List<Takeover> inForce =
                takeovers.stream().filter(each -> each.isInForce(now)).toList();
        Txid upTo = Txid.NONE;
        Set<HistoryObject> objects = new HashSet<>();
        Coverage coverage = new Coverage(inForce.isEmpty() ? List.of() : usable);
        for (Takeover each : inForce) {
            boolean isOneState = each.kind() == Takeover.Kind.ADOPTED
                    && coverage.points().containsKey(each.last());
            if (isOneState) {
                objects.addAll(coverage.chain(each.last()));
            } else if (each.last().isAfter(upTo)) {
                // Nobody can tell here which objects the last state needs.
                upTo = each.last();
            }
        }
        return new KeptObjects(upTo, objects);
    }

    /** Whether an object must stay. */
    public boolean contains(HistoryObject object) {
        return !object.max().isAfter(upTo) || objects.contains(object);
    }
}
