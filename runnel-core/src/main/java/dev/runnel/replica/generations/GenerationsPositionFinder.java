package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds out how far the history that Runnel writes at a replica is whole. Costs a listing, and a look at the newest object
 * where that is not one we have written or looked at before.
 */
record GenerationsPositionFinder(
        GenerationCatalogue catalogue,
        GenerationsInventory inventory,
        GenerationsInspector inspector,
        GenerationsRemoval removal) {
    Position find() throws IOException {
        long mark = inventory.mark();
        List<Generation> listed = catalogue.list();
        List<Generation> ours = listed.stream().filter(Generation::isOurs).toList();
        Txid highest = ours.stream()
                .map(Generation::last)
                .max(Comparator.naturalOrder())
                .orElse(Txid.NONE);
        Optional<Generation> current = ours.stream()
                .filter(generation -> reach(generation).isPresent())
                .max(Comparator.comparing(Generation::last)
                        .thenComparing(generation -> generation.newest().orElseThrow()));
        while (current.flatMap(this::reach).isPresent()) {
            Generation generation = current.get();
            Reach reach = reach(generation).orElseThrow();
            Optional<Proof> proof = prove(generation.lineage().orElseThrow(), reach);
            if (proof.isPresent()) {
                boolean isComplete = inventory.listed(generation, reach.whole(), mark);
                removal.looked(listed, generation.name(), isComplete);
                return new Position(reach.whole(), highest, reach.whole().next(), proof);
            }
        }
        return new Position(Txid.NONE, highest, new Txid(1), Optional.empty());
    }

    private Optional<Reach> reach(Generation generation) {
        return Reach.of(generation.without(object -> !inventory.isUsable(object)));
    }

    /** Empty if the object that should prove a state is damaged, or stands for none: then it does not count any more. */
    private Optional<Proof> prove(long lineage, Reach reach) throws IOException {
        GenerationObject object = reach.proving();
        Optional<Proof> known = inventory.proof(object);
        if (known.isPresent()) {
            return known;
        }
        Optional<Proof> found = read(object).map(checksum -> new Proof(checksum, lineage));
        found.ifPresentOrElse(proof -> inventory.read(object, proof), () -> inventory.unsound(object));
        return found;
    }

    private Optional<Long> read(GenerationObject object) throws IOException {
        return switch (object) {
            case Segment segment ->
                inspector
                        .wal(segment.key())
                        .map(GenerationsInspector.Wal::salts)
                        .filter(salts -> !salts.isFiller())
                        .map(WalSalts::databaseChecksum);
            case Snapshot snapshot ->
                inspector.databaseChecksum(snapshot.key()).stream().boxed().findFirst();
        };
    }
}
