package dev.runnel.replica.generations;

import dev.runnel.platform.Clock;
import dev.runnel.replica.OldHistory;
import dev.runnel.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Generations beside history in another layout: Litestream 0.3 wrote them, or Runnel when it was told to. They are removed
 * as a whole. Where there are none, they are not looked for again.
 */
public final class OldGenerations implements OldHistory {
    private static final long INTERVAL = Duration.ofHours(1).toNanos();

    private final GenerationCatalogue catalogue;
    private final GenerationKeys keys;
    private final Clock clock;
    private long dueAt;
    private boolean hasAny = true;

    public OldGenerations(ObjectStore store, GenerationKeys keys, Clock clock) {
        this.catalogue = new GenerationCatalogue(store, keys);
        this.keys = keys;
        this.clock = clock;
        this.dueAt = clock.ticks();
    }

    @Override
    public synchronized List<String> keysBefore(Instant time) throws IOException {
        if (!hasAny || clock.ticks() < dueAt) {
            return List.of();
        }
        dueAt = clock.ticks() + INTERVAL;
        List<Generation> found = catalogue.list();
        hasAny = !found.isEmpty();
        return found.stream()
                .filter(generation -> endedBefore(generation, time))
                .flatMap(generation -> generation.keys(keys))
                .toList();
    }

    @Override
    public void remove(List<String> found) throws IOException {
        catalogue.store().delete(found);
    }

    /** Whether nothing was added to a generation since a time. */
    static boolean endedBefore(Generation generation, Instant time) {
        return generation.newest().stream().allMatch(newest -> newest.isBefore(time));
    }
}
