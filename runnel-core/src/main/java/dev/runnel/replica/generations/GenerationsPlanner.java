package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.History;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.NewestHistory;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestorePlan.PlannedFile;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import dev.runnel.replica.generations.GenerationPath.End;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the objects that restore a target, from what a listing shows and nothing else.
 *
 * <p>The newest state is that of the newest generation, by TXIDs where there are any; the state of a time is that of the
 * newest generation, by what was there at that time. Where it cannot be restored, the answer is an error that names the nearest
 * points, never an older state.
 *
 * <p>Histories that Litestream wrote have no TXIDs. Within one of its generations a TXID stands for the state after a whole
 * WAL, and is its index plus one.
 *
 * @param where names the replica in messages
 * @param withTxids those of the generations that a TXID may mean
 */
record GenerationsPlanner(String where, List<Generation> generations, List<Generation> withTxids, Set<String> damaged) {
    /** The level that users know baselines by. */
    private static final int BASELINE = 9;

    GenerationsPlanner {
        generations = List.copyOf(generations);
        withTxids = List.copyOf(withTxids);
        damaged = Set.copyOf(damaged);
    }

    /** For all generations of a replica; TXIDs are those of Runnel's own. */
    static GenerationsPlanner all(String where, List<Generation> generations, Set<String> damaged) {
        List<Generation> ours = generations.stream().filter(Generation::isOurs).toList();
        return new GenerationsPlanner(where, generations, ours, damaged);
    }

    /** For one generation; if there is none of that name, there is nothing to restore. */
    static GenerationsPlanner one(String where, String name, List<Generation> generations, Set<String> damaged) {
        List<Generation> named = generations.stream()
                .filter(generation -> generation.name().equals(name))
                .toList();
        return new GenerationsPlanner(where, named, named, damaged);
    }

    /**
     * The way to a target.
     *
     * @throws ReplicaException.NothingToRestore if there is no history
     * @throws ReplicaException.NotReachable if it does not get there
     */
    GenerationPath way(RestoreTarget target) throws ReplicaException {
        if (generations.isEmpty()) {
            throw new ReplicaException.NothingToRestore(where);
        }
        return target instanceof RestoreTarget.AtTime(Instant time)
                ? confirmed(time).find(target)
                : find(target);
    }

    /** The same with times that the order of the objects confirms. */
    private GenerationsPlanner confirmed(Instant time) throws ReplicaException {
        GenerationsChronology chronology = new GenerationsChronology(generations);
        Optional<GenerationsChronology.Conflict> conflict = chronology.conflict(time);
        if (conflict.isPresent()) {
            throw new ReplicaException.NotReachable(
                    where + ": the state of " + time + " is unknown: "
                            + conflict.get().reason()
                            + "; nearest restorable: "
                            + point("before", conflict.get().before()) + ", "
                            + point("after", Optional.of(conflict.get().after())),
                    "Restore one of the points named, with -txid or with -generation and -index.");
        }
        return new GenerationsPlanner(where, chronology.confirmed(), withTxids, damaged);
    }

    private GenerationPath find(RestoreTarget target) throws ReplicaException {
        Generation generation = generation(target);
        GenerationPath way = GenerationPath.to(end(target, generation), generation, damaged);
        if (way.hole().isPresent()) {
            throw notReachable(target, way, way.hole().get());
        }
        if (target instanceof RestoreTarget.AtTxid(Txid txid) && !reaches(way, txid)) {
            throw notReachable(target, way, "no segment of that WAL is there");
        }
        return way;
    }

    private static boolean reaches(GenerationPath way, Txid txid) {
        GenerationObject reached = way.reached();
        boolean isItsWal = reached instanceof Segment && reached.index() == txid.value() - 1;
        boolean isItsSnapshot = way.generation().isOurs() && reached.index() == txid.value();
        return isItsWal || isItsSnapshot;
    }

    /** The files of a way, and what they give. */
    RestorePlan plan(GenerationPath way) {
        Snapshot start = way.start().orElseThrow();
        List<PlannedFile> files = new ArrayList<>();
        files.add(new PlannedFile(
                BASELINE,
                start.key(),
                new TxidRange(new Txid(1), way.generation().after(start)),
                start.size(),
                start.time()));
        for (Segment segment : way.segments()) {
            TxidRange txids = TxidRange.of(new Txid(segment.index() + 1L));
            files.add(new PlannedFile(0, segment.key(), txids, segment.size(), segment.time()));
        }
        GenerationObject reached = way.reached();
        Txid txid = way.generation().after(reached);
        String point = way.generation().isOurs() ? RestorePlan.called(txid) : reached.name();
        return new RestorePlan(txid, point, reached.time(), files);
    }

    /** One chain a generation. */
    History history() {
        return new History(generations.stream()
                .filter(generation -> !generation.snapshots().isEmpty())
                .map(GenerationsPlanner::chain)
                .sorted(Comparator.comparing(History.Chain::from))
                .toList());
    }

    /** The error for a target that is out of reach for a reason. */
    ReplicaException.NotReachable notReachable(RestoreTarget target, GenerationPath way, String reason) {
        String what = switch (target) {
            case RestoreTarget.Latest() ->
                "the newest state, in generation " + way.generation().name();
            case RestoreTarget.AtTxid(Txid txid) ->
                way.generation().isOurs()
                        ? "TXID " + txid
                        : "the state after WAL " + way.generation().name() + "/" + hex(txid.value() - 1);
            case RestoreTarget.AtTime(Instant time) -> "the state of " + time;
        };
        return new ReplicaException.NotReachable(
                where + ": " + what + " cannot be restored: " + reason + "; " + nearest(way),
                "Restore one of the points named, with -timestamp.");
    }

    private String nearest(GenerationPath way) {
        Optional<GenerationObject> before = before(way);
        int index = before.map(GenerationObject::index).orElse(-1);
        Optional<Snapshot> after = way.generation().snapshots().stream()
                .filter(snapshot -> snapshot.index() > index)
                .findFirst();
        return "nearest restorable: " + point("before", before) + ", " + point("after", after);
    }

    /** The last point before a hole. What a snapshot alone gives, where its WAL has the hole, is no point in time. */
    private Optional<GenerationObject> before(GenerationPath way) {
        if (way.start().isEmpty() || !way.segments().isEmpty()) {
            return way.start().map(_ -> way.reached());
        }
        int index = way.start().get().index() - 1;
        GenerationPath earlier = GenerationPath.to(new End(index, index, Instant.MAX), way.generation(), damaged);
        return earlier.hole().isPresent() ? Optional.empty() : Optional.of(earlier.reached());
    }

    private static String point(String side, Optional<? extends GenerationObject> object) {
        return object.map(found -> side + " it " + found.name() + " of " + found.time())
                .orElse("none " + side + " in this generation");
    }

    private static History.Chain chain(Generation generation) {
        return new History.Chain(
                new TxidRange(generation.after(generation.snapshots().getFirst()), generation.last()),
                generation.oldest().orElseThrow(),
                generation.newest().orElseThrow());
    }

    private Generation generation(RestoreTarget target) throws ReplicaException {
        return switch (target) {
            case RestoreTarget.Latest() -> newest(Instant.MAX).orElseThrow();
            case RestoreTarget.AtTxid(Txid txid) -> holding(txid);
            case RestoreTarget.AtTime(Instant time) ->
                newest(time)
                        .orElseThrow(() -> new ReplicaException.NotReachable(
                                where + ": nothing is as old as " + time + "; the oldest object is of " + oldest(),
                                "Restore a point after that."));
        };
    }

    private static End end(RestoreTarget target, Generation generation) {
        return switch (target) {
            case RestoreTarget.Latest() -> End.NONE;
            case RestoreTarget.AtTxid(Txid txid) -> end(txid, generation);
            case RestoreTarget.AtTime(Instant time) -> End.at(time);
        };
    }

    private static End end(Txid txid, Generation generation) {
        int wal = (int) txid.value() - 1;
        return new End(generation.isOurs() ? wal + 1 : wal, wal, Instant.MAX);
    }

    /** The newest generation that has objects of a time or before, by what it has of these. */
    private Optional<Generation> newest(Instant time) throws ReplicaException {
        List<Candidate> candidates = new ArrayList<>();
        for (Generation generation : generations) {
            Generation then = generation.without(object -> object.time().isAfter(time));
            GenerationExtent.of(then).ifPresent(extent -> candidates.add(new Candidate(generation, extent)));
        }
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(NewestHistory.newest(candidates, Candidate::extent, where).generation);
    }

    /** The newest generation that has objects. */
    Optional<HistoryExtent> extent() throws ReplicaException {
        return newest(Instant.MAX).flatMap(GenerationExtent::of);
    }

    private record Candidate(Generation generation, HistoryExtent extent) {}

    private Instant oldest() {
        return generations.stream()
                .flatMap(generation -> generation.oldest().stream())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /**
     * The generation that has a TXID; of those that go past it, the one that has an object of it. It may be in several, if one
     * lost its mark and got it back after another was begun.
     */
    private Generation holding(Txid txid) throws ReplicaException {
        List<Generation> spanning =
                withTxids.stream().filter(generation -> holds(generation, txid)).toList();
        List<Generation> naming = spanning.stream()
                .filter(generation -> generation
                        .objects()
                        .anyMatch(object -> generation.after(object).equals(txid)))
                .toList();
        List<Generation> holders = naming.isEmpty() ? spanning : naming;
        if (holders.isEmpty()) {
            throw new ReplicaException.NotReachable(
                    where + ": TXID " + txid + " is in none of " + withTxids.size() + " generations with TXIDs",
                    "Look for a point with \"runnel wal\" and name it with -generation and -index.");
        }
        if (holders.size() > 1) {
            throw new ReplicaException.NotReachable(
                    where + ": TXID " + txid + " is in several generations: "
                            + holders.stream().map(Generation::name).collect(Collectors.joining(", ")),
                    "Name one of them with -generation, and the TXID with -index.");
        }
        return holders.getFirst();
    }

    private static boolean holds(Generation generation, Txid txid) {
        return !txid.isNone()
                && txid.compareTo(generation.last()) <= 0
                && generation.snapshots().stream()
                        .anyMatch(snapshot ->
                                snapshot.index() <= end(txid, generation).snapshot());
    }

    private static String hex(long index) {
        return String.format(Locale.ROOT, "%08x", index);
    }
}
