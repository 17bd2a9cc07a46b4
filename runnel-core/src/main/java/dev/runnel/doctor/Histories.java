package dev.runnel.doctor;

import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.HistoryExtent.Order;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.ltx.LtxKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Examines the history at one location, in both layouts.
 *
 * @param now for times in the future
 * @param lineage that of the local history, where there is one
 */
public record Histories(Instant now, OptionalLong lineage) {
    /** Some file systems keep times to two seconds only. */
    private static final Duration ROUNDING = Duration.ofSeconds(2);

    private static final String OTHERS_STAY =
            "Keep it for as long as its points may be needed. Runnel never removes it; delete its folder after that.";

    /**
     * The history in the {@code ltx} layout.
     *
     * @param files all of them, with their own times
     * @param writer the lineage in the newest of them, if Runnel wrote it
     */
    public List<Fault> ltx(List<HistoryObject> files, OptionalLong writer) {
        List<HistoryObject> restoring = files.stream()
                .filter(file -> file.size() >= LtxKeys.SHORTEST_FILE)
                .toList();
        List<Fault> found = new ArrayList<>(Holes.in(files, restoring, writer));
        found.addAll(Overlaps.in(restoring));
        found.addAll(new Times(now).of(files));
        return List.copyOf(found);
    }

    /**
     * What the header of the newest file says.
     *
     * @param files all of them, with their own times
     * @param extent of them
     */
    public List<Fault> header(List<HistoryObject> files, HistoryExtent extent) {
        Optional<HistoryObject> newest = files.stream()
                .filter(file -> extent.txids()
                        .filter(txids -> txids.max().equals(file.max()))
                        .isPresent())
                .min(Comparator.naturalOrder());
        if (newest.isEmpty()) {
            return List.of();
        }
        List<Fault> found = new ArrayList<>();
        HistoryObject file = newest.get();
        if (Duration.between(extent.to(), file.time()).abs().compareTo(ROUNDING) > 0) {
            found.add(Times.ofACopy(file.key(), extent.to(), file.time()));
        }
        if (isOfAnother(extent.lineage())) {
            found.add(
                    Fault.of(
                            Kind.FOREIGN,
                            file.key(),
                            "it was written by another lineage than that of the local history: another machine, or another"
                                    + " database, continued here",
                            Stake.POINTS,
                            "Give each database a location of its own. Run \"runnel adoptions\" to list what is kept because of it."));
        }
        return List.copyOf(found);
    }

    private boolean isOfAnother(OptionalLong writer) {
        return lineage.isPresent() && writer.isPresent() && !lineage.equals(writer);
    }

    /** The generations, with their own times. */
    public List<Fault> generations(List<Generation> generations) {
        List<Fault> found = new ArrayList<>();
        for (Generation generation : generations) {
            if (generation.lineage().isPresent()) {
                List<HistoryObject> objects = generation.history().stream()
                        .filter(object -> object.isSnapshot() || object.min().value() > 1)
                        .toList();
                found.addAll(Holes.in(objects, generation.restoring(), generation.lineage()));
            } else {
                found.addAll(GenerationHoles.in(generation));
            }
            found.addAll(new Times(now).of(generation));
        }
        found.addAll(foreign(generations));
        return List.copyOf(found);
    }

    /** Beside the generation that Runnel continues; where it continues none, no generation is foreign. */
    private List<Fault> foreign(List<Generation> generations) {
        OptionalLong ours = lineage.isPresent()
                ? lineage
                : generations.stream()
                        .filter(generation -> generation.lineage().isPresent())
                        .max(Comparator.comparingInt(Generation::lastIndex))
                        .map(Generation::lineage)
                        .orElse(OptionalLong.empty());
        boolean isContinued = generations.stream()
                .anyMatch(generation -> ours.isPresent() && generation.lineage().equals(ours));
        return generations.stream()
                .filter(generation -> isContinued && !generation.lineage().equals(ours))
                .map(Histories::foreign)
                .toList();
    }

    private static Fault foreign(Generation generation) {
        return Fault.of(
                Kind.FOREIGN,
                "generation " + generation.name(),
                "another lineage or another program wrote it, up to "
                        + generation.newest().map(Instant::toString).orElse(""),
                Stake.POINTS,
                OTHERS_STAY);
    }

    /** Both layouts at one location. */
    public static List<Fault> layouts(
            String location, Optional<HistoryExtent> ltx, Optional<HistoryExtent> generations) {
        if (ltx.isEmpty() || generations.isEmpty()) {
            return List.of();
        }
        Order order = ltx.get().compare(generations.get());
        String which = switch (order) {
            case NEWER -> "the one in the ltx layout is the newer";
            case OLDER -> "the one in the generations layout is the newer";
            case SAME -> "both reach the same state";
            case UNKNOWN ->
                "which one is the newer cannot be determined: they do not share TXIDs, and the times of their files say"
                        + " nothing";
        };
        return List.of(Fault.of(
                Kind.TWO_LAYOUTS,
                location,
                "history is there in both layouts, up to " + end(ltx.get()) + " in ltx and " + end(generations.get())
                        + " in generations; " + which,
                Stake.POINTS,
                order == Order.UNKNOWN
                        ? "List both with \"runnel generations\", and name the one to restore with -generation."
                        : "A restore takes the newer one. Keep the older for as long as its points may be needed; delete its"
                                + " folder after that."));
    }

    private static String end(HistoryExtent extent) {
        return extent.txids().map(txids -> "TXID " + txids.max() + " of ").orElse("") + extent.to();
    }
}
