package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.History;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.inventory.Coverage;
import dev.runnel.replica.inventory.HistoryChronology;
import dev.runnel.replica.inventory.HistoryObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files that restore a target, from what a listing shows and nothing else.
 *
 * <p>A TXID can be restored if a file ends at it and files without a hole lead there from TXID 1. A time stands for the
 * newest TXID whose files are all of that time or older, where the order of the TXIDs confirms their times. Where that TXID, or the newest one, lies beyond a hole, the
 * answer is an error that names the hole and the nearest points, never an older state.
 */
public final class LtxPlanner {
    private final String where;
    private final List<HistoryObject> files;
    private final Set<String> avoided;
    private final Coverage all;
    private final MissingTxids missing;

    /**
     * @param where names the replica in messages
     * @param files every file of every level, as listed
     */
    public LtxPlanner(String where, Collection<HistoryObject> files) {
        this(where, List.copyOf(files), Set.of());
    }

    private LtxPlanner(String where, List<HistoryObject> files, Set<String> avoided) {
        this.where = where;
        this.files = files;
        this.avoided = avoided;
        this.all = new Coverage(files.stream().filter(this::isUsable).toList());
        this.missing = new MissingTxids(files, this::isUsable);
    }

    /** The same, but finding other ways where these files, known to be damaged, would be read. */
    public LtxPlanner without(Set<String> keys) {
        return new LtxPlanner(where, files, Set.copyOf(keys));
    }

    /** The newest TXID that restores; what follows it, if anything does, lies beyond a hole. */
    public Txid whole() {
        return all.furthest();
    }

    /** The highest TXID that any file names. */
    public Txid highest() {
        return highest(files);
    }

    /**
     * Finds the files for a target.
     *
     * @throws ReplicaException.NothingToRestore if there are no files
     * @throws ReplicaException.NotReachable if the target is not restorable; it names the nearest points that are
     */
    public RestorePlan plan(RestoreTarget target) throws ReplicaException {
        if (files.isEmpty()) {
            throw new ReplicaException.NothingToRestore(where);
        }
        return switch (target) {
            case RestoreTarget.Latest() -> latest();
            case RestoreTarget.AtTxid(Txid txid) -> atTxid(txid);
            case RestoreTarget.AtTime(Instant time) -> atTime(time);
        };
    }

    /** The unbroken chains. A chain ends where no change set continues it and only a baseline starts another one. */
    public History history() {
        List<History.Chain> chains = new ArrayList<>();
        Optional<Map.Entry<Txid, Instant>> first = Optional.empty();
        for (Map.Entry<Txid, Instant> point : all.points().entrySet()) {
            Map.Entry<Txid, Instant> before = all.points().lowerEntry(point.getKey());
            if (before != null && !all.leadsOn(before.getKey(), point.getKey())) {
                chains.add(chain(first.orElseThrow(), before));
                first = Optional.empty();
            }
            first = first.or(() -> Optional.of(point));
        }
        first.ifPresent(start -> chains.add(chain(start, all.points().lastEntry())));
        return new History(List.copyOf(chains));
    }

    private RestorePlan latest() throws ReplicaException {
        if (highest().isAfter(whole())) {
            String reason = missing.between(whole(), highest());
            throw notReachable("the newest state, TXID " + highest() + ", cannot be restored: " + reason, whole());
        }
        return planFor(whole(), all);
    }

    private RestorePlan atTxid(Txid txid) throws ReplicaException {
        if (all.reaches(txid)) {
            return planFor(txid, all);
        }
        if (txid.isAfter(highest())) {
            throw notReachable("TXID " + txid + " is past the newest one, " + highest(), whole());
        }
        Txid before = Optional.ofNullable(all.points().lowerKey(txid)).orElse(Txid.NONE);
        throw notReachable("TXID " + txid + " cannot be restored: " + missing.between(before, txid), before);
    }

    private RestorePlan atTime(Instant time) throws ReplicaException {
        HistoryChronology chronology = HistoryChronology.of(files);
        Optional<HistoryChronology.Conflict> conflict = chronology.conflict(time);
        if (conflict.isPresent()) {
            throw unknown(time, conflict.get());
        }
        List<HistoryObject> known = chronology.confirmed(files).stream()
                .filter(file -> !file.time().isAfter(time))
                .toList();
        if (known.isEmpty()) {
            throw notReachable("nothing is as old as " + time, Txid.NONE);
        }
        Coverage then = new Coverage(known.stream().filter(this::isUsable).toList());
        Txid reached = then.furthest();
        Txid newest = highest(known);
        if (newest.isAfter(reached)) {
            String reason = new MissingTxids(known, this::isUsable).between(reached, newest);
            throw notReachable(
                    "the state of " + time + ", TXID " + newest + ", cannot be restored: " + reason, reached);
        }
        Optional<Txid> next = endAfter(newest);
        if (next.isPresent() && !next.get().equals(newest.next()) && !all.leadsOn(newest, next.get())) {
            String reason = missing.between(newest, next.get().previous());
            throw notReachable("the state of " + time + " is unknown: " + reason, reached);
        }
        return planFor(newest, then);
    }

    /** The clock showed this time, or skipped it, while it was wrong. */
    private ReplicaException unknown(Instant time, HistoryChronology.Conflict conflict) {
        NavigableMap<Txid, Instant> points = all.points();
        return new ReplicaException.NotReachable(
                where + ": the state of " + time + " is unknown: " + conflict.reason() + "; nearest restorable: "
                        + point("before", points.floorEntry(conflict.before())) + ", "
                        + point("after", points.ceilingEntry(conflict.after())),
                "Restore one of the points named, or a TXID between them, with -txid.");
    }

    private static RestorePlan planFor(Txid reached, Coverage coverage) {
        List<RestorePlan.PlannedFile> planned =
                coverage.chain(reached).stream().map(HistoryObject::planned).toList();
        return new RestorePlan(reached, RestorePlan.called(reached), coverage.timeOf(reached), planned);
    }

    /** The next TXID at which any file ends. */
    private Optional<Txid> endAfter(Txid txid) {
        return files.stream()
                .map(HistoryObject::max)
                .filter(max -> max.isAfter(txid))
                .min(Comparator.naturalOrder());
    }

    private boolean isUsable(HistoryObject file) {
        return file.size() >= LtxKeys.SHORTEST_FILE && (avoided.isEmpty() || !avoided.contains(file.key()));
    }

    /** An error that names the nearest points: the one reached, and the next one that can be. */
    private ReplicaException notReachable(String what, Txid reached) {
        NavigableMap<Txid, Instant> points = all.points();
        if (points.isEmpty()) {
            return new ReplicaException.NotReachable(
                    where + ": " + what + "; no other point can be restored either",
                    "Look for another replica of this database.");
        }
        String nearest = "nearest restorable: " + point("before", points.floorEntry(reached)) + ", "
                + point("after", points.higherEntry(reached));
        return new ReplicaException.NotReachable(
                where + ": " + what + "; " + nearest, "Restore one of the points named, with -txid.");
    }

    private static String point(String side, Map.@Nullable Entry<Txid, Instant> point) {
        return point == null ? "none " + side : side + " it TXID " + point.getKey() + " of " + point.getValue();
    }

    private static History.Chain chain(Map.Entry<Txid, Instant> first, Map.Entry<Txid, Instant> last) {
        return new History.Chain(new TxidRange(first.getKey(), last.getKey()), first.getValue(), last.getValue());
    }

    private static Txid highest(Collection<HistoryObject> files) {
        return files.stream()
                .map(HistoryObject::max)
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
    }
}
