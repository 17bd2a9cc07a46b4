package dev.runnel.replica.generations;

import dev.runnel.replica.ListingLimit;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.generations.GenerationKeys.Named;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lists the generations of a replica. Other names are ignored. */
public record GenerationCatalogue(ObjectStore store, GenerationKeys keys) {
    /**
     * All generations that have objects, by name.
     *
     * @throws dev.runnel.store.StoreException if they cannot be listed to their end
     */
    public List<Generation> list() throws IOException {
        Map<String, Builder> found = new TreeMap<>();
        ListingLimit limit = ListingLimit.ofHeap();
        long count = 0;
        try (Stream<ObjectInfo> listing = store.list(keys.root(), Optional.empty())) {
            for (ObjectInfo object : (Iterable<ObjectInfo>) listing::iterator) {
                Optional<Named> named = keys.parse(object);
                if (named.isPresent()) {
                    found.computeIfAbsent(named.get().generation(), _ -> new Builder())
                            .add(named.get());
                    limit.check(++count, store.location());
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found.entrySet().stream()
                .map(entry -> entry.getValue().build(entry.getKey()))
                .filter(generation -> generation.newest().isPresent())
                .toList();
    }

    /** A listing may show an object more than once; sorted, the same ones are neighbours. */
    private static <T extends GenerationObject> List<T> withoutDuplicates(List<T> objects, Comparator<T> order) {
        objects.sort(order);
        List<T> kept = new ArrayList<>(objects.size());
        for (T object : objects) {
            if (kept.isEmpty() || !kept.getLast().equals(object)) {
                kept.add(object);
            }
        }
        return kept;
    }

    private static final class Builder {
        private final List<Snapshot> snapshots = new ArrayList<>();
        private final List<Segment> segments = new ArrayList<>();
        private final List<Takeover> takeovers = new ArrayList<>();
        private OptionalLong lineage = OptionalLong.empty();

        void add(Named named) {
            switch (named) {
                case Named.TakenOver(String _, Takeover takeover) -> takeovers.add(takeover);
                case Named.Lineage mark -> lineage = OptionalLong.of(mark.lineage());
                case Named.Content(Snapshot snapshot) -> snapshots.add(snapshot);
                case Named.Content(Segment segment) -> segments.add(segment);
            }
        }

        Generation build(String name) {
            return new Generation(
                    name,
                    lineage,
                    withoutDuplicates(snapshots, Snapshot.ORDER),
                    withoutDuplicates(segments, Segment.ORDER),
                    takeovers);
        }
    }
}
