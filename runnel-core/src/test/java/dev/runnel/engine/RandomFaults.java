package dev.runnel.engine;

import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** What befalls a replication now and then: a store in trouble, or one that lies, a power cut, a wall clock that is hours, days or years off. */
public final class RandomFaults {
    /** The store is never in trouble for longer. */
    public static final Duration TROUBLE = Duration.ofMinutes(1);

    private static final List<Moment> MOMENTS = List.of(Moment.BEFORE, Moment.DURING, Moment.AFTER);

    private static final List<Duration> ERRORS = List.of(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofHours(2),
            Duration.ofHours(-2),
            Duration.ofDays(1),
            Duration.ofDays(-1),
            Duration.ofDays(3650),
            Duration.ofDays(-3650));

    private final Random random;
    private final SimulatedClock clock;
    private final FaultyStore store;
    private final int calm;
    private Instant healAt = Instant.MAX;
    private boolean lies;

    /** @param calm how many steps go well for each that does not */
    public RandomFaults(Random random, SimulatedClock clock, FaultyStore store, int calm) {
        this.random = random;
        this.clock = clock;
        this.store = store;
        this.calm = calm;
    }

    /** Listings are cut short, stale, or have everything twice, and reads are short, from time to time. */
    public RandomFaults withLies() {
        lies = true;
        return this;
    }

    /** One step: mostly nothing happens. */
    public void disturb(SimulatedReplication engine) throws Exception {
        if (clock.reality().isAfter(healAt)) {
            heal();
        }
        switch (random.nextInt(calm)) {
            case 0 -> fail(1);
            case 1 -> fail(1000);
            case 2 -> engine.restart(random.nextLong());
            case 3 -> clock.setError(ERRORS.get(random.nextInt(ERRORS.size())));
            case 4, 5, 6 -> lie();
            default -> {}
        }
    }

    /** The store is well again. */
    public void heal() {
        store.heal();
        healAt = Instant.MAX;
    }

    /** Calls of all kinds fail for a while. */
    private void fail(long calls) {
        Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
        long from = 1L + random.nextInt(8);
        store.inject(new FaultyStore.Fault(Set.of(StoreOperation.values()), moment, from, from + calls));
        healAt = clock.reality().plus(TROUBLE);
    }

    private void lie() {
        if (lies) {
            List<ObjectInfo> stale = new ArrayList<>();
            int kind = random.nextInt(3);
            store.listings(listed -> switch (kind) {
                case 0 -> listed.subList(0, random.nextInt(listed.size() + 1));
                case 1 ->
                    Stream.concat(listed.stream(), listed.reversed().stream()).toList();
                default -> {
                    stale.addAll(stale.isEmpty() ? listed : List.of());
                    yield List.copyOf(stale);
                }
            });
            store.shortReads(1 + random.nextInt(100));
            healAt = clock.reality().plus(TROUBLE);
        }
    }
}
