package dev.runnel.doctor;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.inventory.Coverage;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * TXIDs that are missing between the objects of a history. What ends before the oldest snapshot is left over from history
 * that retention has removed, of each level the newest object at most.
 */
final class Holes {
    private static final String UPLOADED_AGAIN =
            "Start \"runnel replicate\" where the database is: it uploads what is missing, or a snapshot. Until then"
                    + " restore an earlier point with -txid.";
    private static final String GONE =
            "Restore one of the points named, with -txid, or restore the missing TXIDs from another replica.";

    private final List<HistoryObject> all;
    private final List<HistoryObject> restoring;
    private final NavigableMap<Txid, Instant> points;
    private final Coverage coverage;
    private final List<Fault> found = new ArrayList<>();

    private Holes(Collection<HistoryObject> all, Collection<HistoryObject> restoring) {
        this.all = List.copyOf(all);
        this.restoring = restoring.stream()
                .sorted(Comparator.comparing(HistoryObject::min).thenComparing(HistoryObject::max))
                .toList();
        this.coverage = new Coverage(this.restoring);
        this.points = coverage.points();
    }

    /**
     * The holes of a history.
     *
     * @param all its objects
     * @param restoring those of them from which a state can be restored
     * @param writer the lineage, if Runnel writes the history; Litestream leaves more behind than the newest of each level
     */
    static List<Fault> in(Collection<HistoryObject> all, Collection<HistoryObject> restoring, OptionalLong writer) {
        Holes holes = new Holes(all, restoring);
        Txid oldest = holes.oldestSnapshot();
        if (writer.isPresent()) {
            holes.beforeSnapshots(oldest);
        }
        holes.betweenPoints(oldest);
        holes.beyond();
        return List.copyOf(holes.found);
    }

    private Txid oldestSnapshot() {
        return restoring.stream()
                .filter(HistoryObject::isSnapshot)
                .map(HistoryObject::max)
                .min(Comparator.naturalOrder())
                .orElse(Txid.NONE);
    }

    private void beforeSnapshots(Txid oldest) {
        Map<Integer, List<HistoryObject>> unreached = restoring.stream()
                .filter(object -> oldest.isAfter(object.max()) && !points.containsKey(object.max()))
                .collect(Collectors.groupingBy(HistoryObject::level, TreeMap::new, Collectors.toList()));
        List<HistoryObject> useless = unreached.values().stream()
                .filter(level -> level.size() > 1)
                .flatMap(List::stream)
                .toList();
        if (!useless.isEmpty()) {
            Txid first = useless.stream()
                    .map(HistoryObject::min)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            Txid last = useless.stream()
                    .map(HistoryObject::max)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            add(
                    first,
                    last,
                    useless.size()
                            + " objects from here on restore nothing, because the snapshot before them is missing",
                    GONE);
        }
    }

    /** Between two points that no change leads from one to the other, and a snapshot stands for the second. */
    private void betweenPoints(Txid oldest) {
        Txid before = Txid.NONE;
        for (Txid point : points.navigableKeySet()) {
            boolean isOfOneHistory = !before.isNone() && !oldest.isAfter(before);
            if (isOfOneHistory && point.isAfter(before.next()) && !coverage.leadsOn(before, point)) {
                add(
                        before.next(),
                        point.previous(),
                        "missing; a snapshot stands for what follows them, so newer points are restorable",
                        GONE);
            }
            before = point;
        }
    }

    /** Above the newest TXID that can be restored. */
    private void beyond() {
        Txid at = coverage.furthest();
        for (HistoryObject object : restoring) {
            if (object.min().isAfter(at.next())) {
                missing(at.next(), object.min().previous());
            }
            at = object.max().isAfter(at) ? object.max() : at;
        }
        Txid highest = all.stream()
                .map(HistoryObject::max)
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
        if (highest.isAfter(at)) {
            missing(at.next(), highest);
        }
    }

    private void missing(Txid first, Txid last) {
        add(
                first,
                last,
                "missing" + unusable(first, last) + ", and nothing after this can be restored",
                UPLOADED_AGAIN);
    }

    private void add(Txid first, Txid last, String what, String nextStep) {
        String text = what + "; " + TxidText.nearest(points, first, last);
        found.add(Fault.of(Kind.HOLE, TxidText.range(first, last), text, Stake.LOST, nextStep));
    }

    private String unusable(Txid first, Txid last) {
        List<HistoryObject> bad = all.stream()
                .filter(object -> !object.min().isAfter(last) && !first.isAfter(object.max()))
                .filter(object -> !restoring.contains(object))
                .sorted()
                .toList();
        return bad.isEmpty()
                ? ""
                : bad.stream()
                        .map(object -> object.key() + " (" + object.size() + " bytes)")
                        .collect(Collectors.joining(", ", ", because these cannot be used: ", ""));
    }
}
