package dev.runnel.replica.generations;

import dev.runnel.replica.OldHistory;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The generations beside the one that Runnel continues, as the last listing showed them. */
final class OtherGenerations implements OldHistory {
    private final ObjectStore store;
    private final GenerationKeys keys;
    private List<Generation> listed = List.of();

    OtherGenerations(ObjectStore store, GenerationKeys keys) {
        this.store = store;
        this.keys = keys;
    }

    /** There was a listing with these others in it. */
    synchronized void listed(List<Generation> others) {
        listed = others;
    }

    /** What a listing showed is used once. */
    @Override
    public synchronized List<String> keysBefore(Instant time) {
        List<Generation> old = listed.stream()
                .filter(generation -> OldGenerations.endedBefore(generation, time))
                .toList();
        listed = List.of();
        return old.stream().flatMap(generation -> generation.keys(keys)).toList();
    }

    @Override
    public void remove(List<String> found) throws IOException {
        store.delete(found);
    }
}
