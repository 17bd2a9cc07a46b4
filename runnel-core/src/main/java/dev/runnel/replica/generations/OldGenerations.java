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
 * whole. Where there are none, they are not looked for again.
 */
public final class OldGenerations implements OldHistory {
    private static final long INTERVAL = Duration.ofHours(1).toNanos();

    private final ObjectStore store;
    private final GenerationKeys keys;
    private final Clock clock;
    private long dueAt;
    private boolean hasAny = true;

    public OldGenerations(ObjectStore store, GenerationKeys keys, Clock clock) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.dueAt = clock.ticks();
    }

    @Override
    public synchronized void removeBefore(Instant time) throws IOException {
        if (!hasAny || clock.ticks() < dueAt) {
            return;
        }
        dueAt = clock.ticks() + INTERVAL;
        List<Generation> found = new GenerationCatalogue(store, keys).list();
        List<Generation> old = found.stream()
                .filter(generation -> generation.newest().orElseThrow().isBefore(time))
                .toList();
        hasAny = old.size() < found.size();
        List<String> going =
                old.stream().flatMap(generation -> generation.keys(keys)).toList();
        if (!going.isEmpty()) {
            store.delete(going);
        }
    }
}
