package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.engine.SimulatedMachine.Transition;
import dev.runnel.engine.reconcile.Decision.Action;
import dev.runnel.engine.reconcile.ReplicaState;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A machine with two replicas of its database, and everything that is checked of them: a replica that counts as complete
 * restores to what the database holds; what is promised restores; nothing restores to something else; a replica is stopped
 * only where another process wrote to it, or may seem to have written.
 */
final class SimulatedWorld {
    /** How many times are restored in one check. */
    private static final int TIMES = 6;

    private final Random random;
    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final Map<String, SimulatedLocation> locations = new LinkedHashMap<>();
    private final SimulatedMachine machine;
    private final List<MachineCopy> copies = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final Consumer<String> counter;

    /** The machine that is writing now. */
    private SimulatedMachine writing;

    /** The clock has never been wrong. */
    private boolean isClockRight = true;

    /** @param counter is told of every transition and result, to be counted */
    SimulatedWorld(Random random, Consumer<String> counter) throws IOException {
        this.random = random;
        this.counter = counter;
        Map<String, Supplier<Replica>> opened = new LinkedHashMap<>();
        for (String name : List.of("first", "second")) {
            SimulatedLayout[] layouts = SimulatedLayout.values();
            locations.put(name, location(layouts[random.nextInt(layouts.length)]));
            opened.put(name, () -> location(name).open());
        }
        ListingIntervals looks = random.nextInt(4) == 0 ? ListingIntervals.OFTEN : ListingIntervals.SELDOM;
        machine = new SimulatedMachine(random, clock, looks, opened, this::decided, this::healAll);
        writing = machine;
        trace.add(locations.values().stream().map(SimulatedLocation::layout).toList() + " " + looks);
    }

    private SimulatedLocation location(SimulatedLayout layout) {
        return new SimulatedLocation(clock, layout, txid -> writing.state(txid));
    }

    SimulatedMachine machine() {
        return machine;
    }

    SimulatedClock clock() {
        return clock;
    }

    List<MachineCopy> copies() {
        return copies;
    }

    SimulatedLocation location(String name) {
        return Objects.requireNonNull(locations.get(name));
    }

    Iterable<SimulatedLocation> all() {
        return List.copyOf(locations.values());
    }

    void healAll() {
        locations.values().forEach(SimulatedLocation::heal);
    }

    void tell(String what) {
        trace.add(what);
    }

    String trace() {
        return String.join("\n", trace);
    }

    /** Another machine writes until something else is said. */
    void writing(SimulatedMachine who) {
        writing = who;
    }

    /** The wall clock is set. */
    void setClock(Duration error) {
        isClockRight = false;
        clock.setError(error);
    }

    private void decided(String name, Transition transition) {
        String what = transition.before().getClass().getSimpleName() + " -> "
                + transition.decision().state().getClass().getSimpleName() + ": "
                + transition.decision().action().getClass().getSimpleName();
        counter.accept(what);
        if (transition.decision().action() instanceof Action.Continue
                && transition.before() instanceof ReplicaState.Ours) {
            return;
        }
        tell(name + ": " + what + " at " + transition.decision().state());
        try {
            location(name).observe();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        switch (transition.decision().action()) {
            case Action.MarkAdoption(Txid last) -> location(name).takenOver(last);
            case Action.SnapshotAbove above -> location(name).takenOver(above.last());
            case Action.Continue _, Action.Watch _, Action.Reopen _, Action.Stop _ -> {}
        }
    }

    /** What is true at any time. */
    void check() throws IOException {
        for (Map.Entry<String, SimulatedLocation> each : locations.entrySet()) {
            SimulatedLocation location = each.getValue();
            location.observe();
            if (machine.actor(each.getKey()).health() instanceof Health.Healthy
                    && !location.isHarmed()
                    && !location.isWrittenByOthers()) {
                assertComplete(each.getKey());
            }
        }
    }

    /** All is well for more than an hour; then everything has to be true. */
    void settle() throws Exception {
        healAll();
        machine.commit();
        machine.run(Duration.ofMinutes(70));
        for (Map.Entry<String, SimulatedLocation> each : locations.entrySet()) {
            Health health = machine.actor(each.getKey()).health();
            if (health instanceof Health.Stopped) {
                counter.accept("stopped");
                assertThat(each.getValue().mayBeStopped() || !isClockRight)
                        .as("%s: %s", each.getKey(), health)
                        .isTrue();
                continue;
            }
            assertThat(health).as(each.getKey()).isEqualTo(new Health.Healthy());
            assertComplete(each.getKey());
            each.getValue().complete();
        }
        for (Map.Entry<String, SimulatedLocation> each : locations.entrySet()) {
            checkHistory(each.getKey(), each.getValue());
        }
        replaceStopped();
    }

    private void assertComplete(String name) throws IOException {
        assertThat(machine.actor(name).shipped()).as("TXID at %s", name).isEqualTo(machine.newest());
        assertThat(location(name).newest(machine.content()))
                .as("newest state at %s", name)
                .isEqualTo(machine.content());
    }

    private void checkHistory(String name, SimulatedLocation location) throws IOException {
        tell("check of " + name);
        location.observe();
        location.checkPromises();
        if (random.nextInt(4) == 0) {
            location.checkOthers();
        }
        List<Instant> times = new ArrayList<>(location.ends().values());
        for (int i = 0; i < TIMES && !times.isEmpty(); i++) {
            Instant near = times.get(random.nextInt(times.size()));
            Instant time = near.plusMillis(random.nextInt(2) * (long) random.nextInt(100_000));
            boolean isGiven = location.checkTime(time, isClockRight);
            counter.accept(
                    "a time is " + (isGiven ? "restored" : "refused") + (isClockRight ? "" : ", the clock was wrong"));
        }
    }

    /** The operator gives a stopped replica another location. */
    private void replaceStopped() throws Exception {
        boolean isAny = false;
        for (String name : List.copyOf(locations.keySet())) {
            if (machine.actor(name).health() instanceof Health.Stopped) {
                isAny = true;
                locations.put(name, location(location(name).layout()));
            }
        }
        if (isAny) {
            machine.stop();
            copies.clear();
            machine.start();
        }
    }
}
