package dev.runnel.replica.generations;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import dev.runnel.replica.inventory.Coverage;
import dev.runnel.replica.inventory.HistoryObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds out which generation of Runnel's is continued, and how far it is whole. Costs a listing, and what
 * {@link dev.runnel.replica.inventory.PositionFinder} has to read.
 */
record GenerationsPositionFinder(GenerationCatalogue catalogue, KnownGenerations known) {
    /** A generation and its objects. */
    private record Listed(KnownGeneration generation, List<HistoryObject> objects, long mark) {
        /** As far as names tell. */
        Txid furthest() {
            List<HistoryObject> notEmpty = objects.stream()
                    .filter(object -> object.size() >= Lz4FrameOutput.SMALLEST)
                    .filter(object -> object.isSnapshot() || object.min().value() > 1)
                    .toList();
            return new Coverage(notEmpty).furthest();
        }
    }

    Position find() throws IOException {
        Map<String, Long> marks = known.marks();
        List<Generation> listed = catalogue.list();
        known.unmarked(listed.stream()
                .filter(generation -> !generation.isOurs())
                .map(Generation::name)
                .collect(Collectors.toSet()));
        List<Listed> ours = listed(listed, marks);
        Txid highest = Txid.NONE;
        Optional<Position> found = Optional.empty();
        for (Listed candidate : ours) {
            if (found.isPresent()) {
                Txid other = candidate.generation.positions().highest(candidate.objects, candidate.mark);
                highest = higher(highest, other);
                continue;
            }
            Position position = candidate.generation.positions().find(candidate.objects, candidate.mark);
            highest = higher(highest, position.highest());
            if (position.isEncrypted()) {
                known.continued(candidate.generation, Txid.NONE);
                return new Position(Txid.NONE, highest, new Txid(1), Optional.empty(), Optional.empty(), true);
            }
            if (!position.whole().isNone()) {
                found = Optional.of(position);
                known.continued(candidate.generation, position.whole());
            }
        }
        if (found.isEmpty()) {
            known.noneContinued();
        }
        Txid last = highest;
        return found.map(at -> new Position(
                        at.whole(),
                        last,
                        at.differenceFrom(),
                        at.proof(),
                        last.equals(at.highest()) ? at.highestProof() : Optional.empty(),
                        false))
                .orElse(new Position(Txid.NONE, last, new Txid(1), Optional.empty()));
    }

    /** Runnel's generations, the one with the highest TXID first: a new one continues above those that are there. */
    private List<Listed> listed(List<Generation> generations, Map<String, Long> marks) {
        List<Listed> ours = new ArrayList<>();
        for (Generation generation : generations) {
            if (generation.isOurs()) {
                KnownGeneration it =
                        known.of(generation.name(), generation.lineage().orElseThrow());
                long mark = marks.getOrDefault(generation.name(), 0L);
                it.inventory().takeovers(generation.takeovers());
                ours.add(new Listed(it, generation.history(), mark));
            }
        }
        if (ours.size() > 1) {
            ours.sort(Comparator.comparing(Listed::furthest)
                    .thenComparing(each -> each.generation.name())
                    .reversed());
        }
        return ours;
    }

    private static Txid higher(Txid one, Txid other) {
        return other.isAfter(one) ? other : one;
    }
}
