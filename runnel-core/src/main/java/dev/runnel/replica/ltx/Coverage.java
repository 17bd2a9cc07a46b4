package dev.runnel.replica.ltx;

import dev.runnel.ltx.Txid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a set of files reaches. A state is reached by files of which each starts at most one TXID after the state before
 * it and ends beyond it; the first starts at TXID 1. Files may overlap: what two hold of the same TXIDs, the one that
 * ends later holds in its newer version.
 */
final class Coverage {
    /** Furthest first; then what costs least to read, then what was merged most, so that the answer is always the same. */
    private static final Comparator<LtxObject> BETTER = Comparator.comparing(LtxObject::max)
            .thenComparing(Comparator.comparingLong(LtxObject::size).reversed())
            .thenComparingInt(LtxObject::level)
            .thenComparing(LtxObject::key);

    private final List<LtxObject> byStart;
    private final NavigableMap<Txid, Instant> points;
    private final NavigableMap<Txid, Txid> changes;

    Coverage(Collection<LtxObject> files) {
        this.byStart = files.stream()
                .sorted(Comparator.comparing(LtxObject::min).thenComparing(Comparator.naturalOrder()))
                .toList();
        this.points = reachable(files);
        this.changes = changes(byStart);
    }

    /**
     * The TXIDs that these files restore, each with the earliest time of a file that leads to it: a baseline is younger
     * than the TXID it holds, a change set is as old.
     */
    NavigableMap<Txid, Instant> points() {
        return points;
    }

    /** The newest TXID that these files restore, or {@link Txid#NONE}. */
    Txid furthest() {
        return points.isEmpty() ? Txid.NONE : points.lastKey();
    }

    /** The time of a reachable TXID. */
    Instant timeOf(Txid reached) {
        return Objects.requireNonNull(points.get(reached));
    }

    /** Whether one file that is not a baseline holds every TXID after one state, up to another. */
    boolean leadsOn(Txid from, Txid to) {
        Map.Entry<Txid, Txid> furthest = changes.floorEntry(from.next());
        return furthest != null && !to.isAfter(furthest.getValue());
    }

    /** The fewest files that restore a reachable TXID, in the order in which they apply. */
    List<LtxObject> chain(Txid target) {
        List<LtxObject> chain = new ArrayList<>();
        Txid at = Txid.NONE;
        Optional<LtxObject> best = Optional.empty();
        int next = 0;
        while (target.isAfter(at)) {
            for (; next < byStart.size() && !byStart.get(next).min().isAfter(at.next()); next++) {
                LtxObject file = byStart.get(next);
                if (!file.max().isAfter(target)
                        && best.map(b -> BETTER.compare(file, b) > 0).orElse(true)) {
                    best = Optional.of(file);
                }
            }
            LtxObject chosen = best.orElseThrow();
            if (!chosen.max().isAfter(at)) {
                throw new IllegalArgumentException("TXID " + target + " is not reachable");
            }
            chain.add(chosen);
            at = chosen.max();
        }
        return List.copyOf(chain);
    }

    /**
     * Going upwards, a TXID at which a file ends is reached if that file starts right after, or before, the highest one
     * reached so far: from a higher state every file can follow that could follow a lower one.
     */
    private static NavigableMap<Txid, Instant> reachable(Collection<LtxObject> files) {
        NavigableMap<Txid, Instant> reached = new TreeMap<>();
        for (List<LtxObject> ending : byEnd(files).values()) {
            Txid before = reached.isEmpty() ? Txid.NONE : reached.lastKey();
            ending.stream()
                    .filter(file -> !file.min().isAfter(before.next()))
                    .map(LtxObject::time)
                    .min(Comparator.naturalOrder())
                    .ifPresent(time -> reached.put(ending.getFirst().max(), time));
        }
        return Collections.unmodifiableNavigableMap(reached);
    }

    /** For each TXID at which changes start, how far any file goes that starts there or before. */
    private static NavigableMap<Txid, Txid> changes(List<LtxObject> byStart) {
        NavigableMap<Txid, Txid> furthest = new TreeMap<>();
        Txid max = Txid.NONE;
        for (LtxObject file : byStart) {
            if (file.level() != LtxKeys.BASELINES) {
                max = file.max().isAfter(max) ? file.max() : max;
                furthest.put(file.min(), max);
            }
        }
        return furthest;
    }

    private static NavigableMap<Txid, List<LtxObject>> byEnd(Collection<LtxObject> files) {
        NavigableMap<Txid, List<LtxObject>> ends = new TreeMap<>();
        for (LtxObject file : files) {
            ends.computeIfAbsent(file.max(), _ -> new ArrayList<>()).add(file);
        }
        return ends;
    }
}
