package dev.runnel.replica.ltx;

import dev.runnel.replica.ListingLimit;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Lists the LTX files of a replica. Nothing is expected of a listing but that it is complete: keys may come in any
 * order and more than once, and names that are not LTX files are ignored.
 */
public record LtxCatalogue(ObjectStore store, LtxKeys keys) {
    /**
     * All files of all levels, sorted, by one listing.
     *
     * @throws dev.runnel.store.StoreException if they cannot be listed to their end
     */
    public List<HistoryObject> list() throws IOException {
        return listing().files();
    }

    /** What a replica holds: its files, and what was recorded beside them. */
    public record Listing(List<HistoryObject> files, List<Takeover> takeovers) {}

    /** All of it, by one listing. */
    public Listing listing() throws IOException {
        List<HistoryObject> found = new ArrayList<>();
        ListingLimit limit = ListingLimit.ofHeap();
        HistoryObject.Keys names = keys::key;
        Map<String, Takeover> takeovers = new TreeMap<>();
        try (Stream<ObjectInfo> listing = store.list(keys.everything(), Optional.empty())) {
            for (ObjectInfo object : (Iterable<ObjectInfo>) listing::iterator) {
                keys.level(object.key())
                        .ifPresent(level -> keys.range(level, object.key())
                                .ifPresent(range -> found.add(
                                        new HistoryObject(level, range, object.size(), object.time(), names))));
                keys.takeover(object).ifPresent(takeover -> takeovers.put(object.key(), takeover));
                limit.check(found.size(), store.location());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Collections.sort(found);
        return new Listing(withoutDuplicates(found), List.copyOf(takeovers.values()));
    }

    /** Of a key that was listed more than once the last one counts, which sorting leaves last. */
    private static List<HistoryObject> withoutDuplicates(List<HistoryObject> sorted) {
        List<HistoryObject> kept = new ArrayList<>(sorted.size());
        for (HistoryObject file : sorted) {
            if (!kept.isEmpty() && kept.getLast().hasNameOf(file)) {
                kept.removeLast();
            }
            kept.add(file);
        }
        return Collections.unmodifiableList(kept);
    }
}
