package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.Takeover;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A location of a replica in a simulation, and what has to be true of it: what its objects were written for, which of its
 * points are promised, and what another history ended with.
 */
final class SimulatedLocation {
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final SimulatedClock clock;
    private final SimulatedLayout layout;
    private final SimulatedStore store;
    private final FaultyStore faults;
    private final SimulatedRestores restores;
    private final Function<Txid, Optional<CapturedStates.State>> writer;

    /** By the TXID. */
    private final NavigableMap<Txid, Point> points = new TreeMap<>();

    /** By the last TXID of another history. */
    private final NavigableMap<Txid, Former> formers = new TreeMap<>();

    /** The keys of objects that were lost or damaged, and not written again since. */
    private final Set<String> spoiled = new HashSet<>();

    /** Objects were lost or damaged since the replica was last known to be complete. */
    private boolean isHarmed;

    /** Another process wrote here since the machine last listed what is here. */
    private boolean isWrittenByOthers;

    /** Another process wrote here, or seems to have written. */
    private boolean mayBeStopped;

    /** The times of the objects are those of a copy. */
    private boolean isCopied;

    /** What objects were written for that end at one TXID. */
    private static final class Point {
        private final List<byte[]> contents = new ArrayList<>();
        private final long since;
        private boolean isCoarse;
        private boolean isPromised;
        private boolean isNew = true;

        Point(long since) {
            this.since = since;
        }
    }

    /** What a replica restored to before another history continued there. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its TXID
    private record Former(byte[] content, long since) {}

    /** @param writer what the machine that is writing now has captured */
    SimulatedLocation(
            SimulatedClock clock, SimulatedLayout layout, Function<Txid, Optional<CapturedStates.State>> writer) {
        this.clock = clock;
        this.layout = layout;
        this.writer = writer;
        this.store = new SimulatedStore(clock, layout.listsUploads(), this::written);
        this.faults = new FaultyStore(store);
        this.restores = new SimulatedRestores(clock, layout, store);
    }

    SimulatedStore store() {
        return store;
    }

    FaultyStore faults() {
        return faults;
    }

    SimulatedLayout layout() {
        return layout;
    }

    /** Opens the replica as Runnel does, with the faults of the store. */
    Replica open() {
        return layout.open(faults, clock);
    }

    /** Opens the replica without faults. */
    Replica openWell() {
        return layout.open(store, clock);
    }

    void heal() {
        faults.heal();
        var _ = store.delay(Duration.ZERO);
    }

    boolean isHarmed() {
        return isHarmed;
    }

    boolean isWrittenByOthers() {
        return isWrittenByOthers;
    }

    void writtenByOthers() {
        isWrittenByOthers = true;
        mayBeStopped = true;
    }

    /** Something happens that looks as if another process wrote here. */
    void allowStop() {
        mayBeStopped = true;
    }

    boolean mayBeStopped() {
        return mayBeStopped;
    }

    private void written(ObjectInfo object) {
        Optional<SimulatedLayout.Named> named = SimulatedLayout.parse(object.key());
        if (named.isEmpty()) {
            return;
        }
        spoiled.remove(object.key());
        Txid last = named.get().last();
        Optional<CapturedStates.State> state = writer.apply(last);
        Point point = points.computeIfAbsent(
                last, _ -> new Point(state.map(CapturedStates.State::since).orElse(clock.ticks())));
        if (state.isPresent()
                && point.contents.stream()
                        .noneMatch(known -> Arrays.equals(known, state.get().content()))) {
            point.contents.add(state.get().content());
        }
        point.isCoarse |= !named.get().isChangeSet();
        point.isNew = true;
    }

    /** Takes in what was written since, and what is too old to be promised. */
    void observe() throws IOException {
        for (Map.Entry<Txid, Point> each : points.entrySet()) {
            Point point = each.getValue();
            if (point.isNew) {
                point.isNew = false;
                point.isPromised = isRestorable(each.getKey());
            }
            Duration kept = point.isCoarse ? SimulatedLayout.RETENTION : layout.keepsChangeSets();
            point.isPromised &= clock.ticks() - point.since < kept.toNanos();
        }
        formers.values().removeIf(former -> clock.ticks() - former.since >= Takeover.KEPT.toNanos());
    }

    /** What restores if nothing is said. */
    byte[] newest(byte[] expected) throws IOException {
        return restores.newest(expected);
    }

    private boolean isRestorable(Txid txid) {
        try {
            return !restores.at(txid).isEmpty();
        } catch (IOException _) {
            return false;
        }
    }

    /** Something was done to an object. */
    void harmed(String key) {
        spoiled.add(key);
        harmed();
    }

    /**
     * Something was done to objects: what does not restore now is not promised any more, and what only change sets hold now
     * is promised for as long as these are.
     */
    void harmed() {
        isHarmed = true;
        Set<Txid> coarse = store.all().stream()
                .filter(object -> !spoiled.contains(object.key()))
                .flatMap(object -> SimulatedLayout.parse(object.key()).stream())
                .filter(named -> !named.isChangeSet())
                .map(SimulatedLayout.Named::last)
                .collect(Collectors.toSet());
        points.forEach((txid, point) -> point.isCoarse &= coarse.contains(txid));
        points.forEach((txid, point) -> point.isPromised &= isRestorable(txid));
        formers.keySet().removeIf(txid -> !isRestorable(txid));
    }

    /** All objects are copied. They look as if they had just been written. */
    void copied() throws IOException {
        mayBeStopped = true;
        store.copyAll(clock);
        isCopied = !layout.listsUploads();
    }

    /** The replica is complete. */
    void complete() {
        isHarmed = false;
        isWrittenByOthers = false;
        mayBeStopped = false;
    }

    /** Another history continues above a TXID: of what was there before only the last state is promised. */
    void takenOver(Txid last) {
        points.headMap(last, true).values().forEach(point -> point.isPromised = false);
        if (last.isNone() || formers.containsKey(last)) {
            return;
        }
        try {
            formers.put(last, new Former(restores.to(new RestoreTarget.AtTxid(last)), clock.ticks()));
        } catch (IOException e) {
            if (!isHarmed) {
                throw new AssertionError("TXID " + last, e);
            }
        }
    }

    /** An operator confirms that what was before another history is not needed any more. */
    void confirm() {
        formers.clear();
        store.all().stream()
                .map(ObjectInfo::key)
                .filter(key -> key.endsWith(".adopted"))
                .forEach(store::lose);
    }

    /** What is promised restores to what it was written for. */
    void checkPromises() throws IOException {
        for (Map.Entry<Txid, Point> each : points.entrySet()) {
            if (each.getValue().isPromised) {
                assertThat(restores.at(each.getKey()))
                        .as("promised TXID %s", each.getKey())
                        .anyMatch(found ->
                                each.getValue().contents.stream().anyMatch(content -> Arrays.equals(content, found)));
            }
        }
        for (Map.Entry<Txid, Former> each : formers.entrySet()) {
            assertThat(restores.at(each.getKey()))
                    .as("TXID %s, the last before another history", each.getKey())
                    .anyMatch(found -> Arrays.equals(each.getValue().content(), found));
        }
    }

    /** What is not promised is refused, or restores to what it was written for. */
    void checkOthers() {
        for (Map.Entry<Txid, Point> each : points.entrySet()) {
            Point point = each.getValue();
            if (!point.isPromised && !point.contents.isEmpty()) {
                try {
                    byte[] found = restores.to(new RestoreTarget.AtTxid(each.getKey()));
                    assertThat(point.contents)
                            .as("TXID %s, which is not promised", each.getKey())
                            .anyMatch(content -> Arrays.equals(content, found));
                } catch (IOException _) {
                    // It is refused loudly.
                }
            }
        }
    }

    /**
     * The state of a time is refused, or the newest that existed then, as far as it is promised.
     *
     * @param clockWasRight whether the clock has never been wrong
     * @return whether it was given
     */
    boolean checkTime(Instant time, boolean clockWasRight) throws IOException {
        RestorePlan plan;
        Duration delay = store.delay(Duration.ZERO);
        try {
            plan = openWell().plan(new RestoreTarget.AtTime(time), Set.of());
        } catch (IOException _) {
            return false;
        } finally {
            var _ = store.delay(delay);
        }
        if (isCopied) {
            return true;
        }
        NavigableMap<Txid, Instant> ends = ends(comparableWith(plan));
        Txid reached = reachedBy(plan);
        Instant own = ends.getOrDefault(reached, Instant.MAX);
        assertThat(own)
                .as("the time of TXID %s, restored for %s", reached, time)
                .isBeforeOrEqualTo(time.plus(TOLERANCE));
        if (!clockWasRight && own.equals(time)) {
            // Exactly the time of a state is not in doubt, whatever the clock showed after it.
            return true;
        }
        for (Map.Entry<Txid, Instant> later : ends.tailMap(reached, false).entrySet()) {
            if (!clockWasRight || isPromised(later.getKey())) {
                assertThat(later.getValue())
                        .as("the time of TXID %s; %s was restored for %s", later.getKey(), reached, time)
                        .isAfter(time.minus(TOLERANCE));
            }
            if (!clockWasRight) {
                break;
            }
        }
        return true;
    }

    /** A generation that has lost its mark counts as Litestream does, so the name of the last object says which TXID it was. */
    private static Txid reachedBy(RestorePlan plan) {
        return SimulatedLayout.parse(plan.files().getLast().key()).orElseThrow().last();
    }

    private boolean isPromised(Txid txid) {
        Point point = points.get(txid);
        return point != null && point.isPromised;
    }

    /**
     * The earliest time of what ends at each TXID. A snapshot of the generations layout, made late by a clock that is
     * wrong, says nothing beside the WAL of its TXID.
     */
    NavigableMap<Txid, Instant> ends() {
        return ends(_ -> true);
    }

    /** Where a generation has no mark, TXIDs give no order but within one generation. */
    private Predicate<String> comparableWith(RestorePlan plan) {
        Optional<String> mark = SimulatedLayout.mark(plan.files().getLast().key());
        return restores.hasUnmarked() ? key -> SimulatedLayout.mark(key).equals(mark) : _ -> true;
    }

    private NavigableMap<Txid, Instant> ends(Predicate<String> keys) {
        NavigableMap<Txid, Instant> ends = new TreeMap<>();
        NavigableMap<Txid, Instant> ofWals = new TreeMap<>();
        for (ObjectInfo object : store.all()) {
            Optional<SimulatedLayout.Named> named = SimulatedLayout.parse(object.key());
            if (named.isPresent() && keys.test(object.key())) {
                boolean isWal = layout.isGenerations() && named.get().isChangeSet();
                (isWal ? ofWals : ends).merge(named.get().last(), timeOf(object), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        ends.putAll(ofWals);
        return ends;
    }

    /** A generation without a mark counts as Litestream's, whose objects have no time but that of their upload. */
    private Instant timeOf(ObjectInfo object) {
        Optional<String> mark = SimulatedLayout.mark(object.key());
        return mark.isEmpty() || store.has(mark.get()) ? object.time() : store.listed(object);
    }

    /** Whether an object ends where another history ended. */
    boolean isOfFormer(String key) {
        return SimulatedLayout.parse(key)
                .filter(named -> formers.containsKey(named.last()))
                .isPresent();
    }
}
