package dev.runnel.replica.inventory;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Takeover;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
     * @param isInForce whether retention has to respect a record
     */
    public static KeptObjects of(
            Collection<HistoryObject> usable, List<Takeover> takeovers, Predicate<Takeover> isInForce) {
        List<Takeover> inForce = takeovers.stream().filter(isInForce).toList();
        Txid upTo = Txid.NONE;
        Set<HistoryObject> objects = new HashSet<>();
        for (Takeover each : inForce) {
            Coverage coverage = new Coverage(fromSnapshot(usable, each.last()));
            boolean isOneState = each.kind() == Takeover.Kind.ADOPTED && coverage.reaches(each.last());
            if (isOneState) {
                objects.addAll(coverage.chain(each.last()));
            } else if (each.last().isAfter(upTo)) {
                // Nobody can tell here which objects the last state needs.
                upTo = each.last();
            }
        }
        return new KeptObjects(upTo, objects);
    }

    /** The newest snapshot up to a TXID, and what can follow it: not every layout can begin with anything else. */
    private static List<HistoryObject> fromSnapshot(Collection<HistoryObject> usable, Txid last) {
        Optional<HistoryObject> snapshot = usable.stream()
                .filter(object -> object.isSnapshot() && !object.max().isAfter(last))
                .max(Comparator.comparing(HistoryObject::max));
        return usable.stream()
                .filter(object -> snapshot.isEmpty()
                        || object.equals(snapshot.get())
                        || (!object.isSnapshot() && object.min().value() > 1))
                .toList();
    }

    /** Whether an object must stay. */
    public boolean contains(HistoryObject object) {
        return !object.max().isAfter(upTo) || objects.contains(object);
    }
}
