package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One course of events, in which a database is replicated, compacted, trimmed, restarted and retained for two days, with a
 * fault at the n-th operation of its disk or of a store, for n from the first to the last. Whatever it is and wherever it
 * comes: when all is well again the replicas are complete, and everything that is promised restores.
 */
@Tag("slow")
final class FaultSweepTest {
    /** Of each kind of fault and each pair of layouts; {@code -Drunnel.rounds=100000} is all there are. */
    private static final int POINTS = 3;

    /** Each leads to other layouts of the two replicas. */
    private static final List<Long> WORLDS = List.of(1L, 2L, 5L, 11L);

    private static final Duration LITTLE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofHours(25);

    private final List<String> failures = new ArrayList<>();
    private int lives;

    /** What goes wrong. */
    enum Kind {
        DISK_FAILS_ONCE,
        DISK_IS_FULL,
        DISK_FAILS_UNTIL_RESTART,
        KILLED,
        STORE_FAILS_ONCE_BEFORE,
        STORE_FAILS_ONCE_DURING,
        STORE_FAILS_ONCE_AFTER,
        STORE_IS_DOWN;

        boolean isOfStore() {
            return compareTo(STORE_FAILS_ONCE_BEFORE) >= 0;
        }

        void arm(SimulatedWorld world, long n) {
            CrashDisk disk = world.machine().disk();
            switch (this) {
                case DISK_FAILS_ONCE -> disk.failAt(n, CrashDisk.Fault.INPUT_OUTPUT_ERROR);
                case DISK_IS_FULL -> disk.failFrom(n, CrashDisk.Fault.DISK_FULL);
                case DISK_FAILS_UNTIL_RESTART -> disk.failFrom(n, CrashDisk.Fault.INPUT_OUTPUT_ERROR);
                case KILLED -> disk.failFrom(n, CrashDisk.Fault.POWER_LOSS);
                case STORE_FAILS_ONCE_BEFORE -> fail(world, Moment.BEFORE, n, n);
                case STORE_FAILS_ONCE_DURING -> fail(world, Moment.DURING, n, n);
                case STORE_FAILS_ONCE_AFTER -> fail(world, Moment.AFTER, n, n);
                case STORE_IS_DOWN -> fail(world, Moment.BEFORE, n, Long.MAX_VALUE);
            }
        }

        private static void fail(SimulatedWorld world, Moment moment, long first, long last) {
            world.location("first")
                    .faults()
                    .inject(new FaultyStore.Fault(Set.of(StoreOperation.values()), moment, first, last));
        }
    }

    /** A part of the course. */
    private interface Step {
        void run(SimulatedMachine machine) throws Exception;
    }

    private static final List<Step> COURSE = List.of(
            SimulatedMachine::start,
            machine -> commits(machine, 4),
            SimulatedMachine::trim,
            machine -> commits(machine, 3),
            SimulatedMachine::stop,
            SimulatedMachine::start,
            machine -> machine.run(LONG),
            machine -> commits(machine, 2),
            machine -> machine.run(LONG),
            machine -> commits(machine, 2));

    private static void commits(SimulatedMachine machine, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            machine.commit();
            machine.run(LITTLE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFaultAnywhereIsOvercome(Kind kind) throws Exception {
        Random random = new Random(Seeds.of("fault sweep"));
        for (long seed : WORLDS) {
            sweep(seed, kind, random);
        }
        System.out.println(kind + ": " + lives + " lives");
        assertThat(failures).isEmpty();
    }

    private void sweep(long seed, Kind kind, Random random) throws Exception {
        if (Seeds.isEnough(failures.size())) {
            return;
        }
        long operations = live(seed, kind, Long.MAX_VALUE / 4);
        assertThat(failures).isEmpty();
        assertThat(operations).isGreaterThan(20);
        long stride = Math.max(1, operations / Seeds.rounds(POINTS));
        for (long n = 1 + random.nextLong(stride); n <= operations; n += stride) {
            live(seed, kind, n);
            if (Seeds.isEnough(failures.size())) {
                return;
            }
        }
    }

    /** Gives the number of operations that could have failed. */
    private long live(long seed, Kind kind, long n) throws Exception {
        lives++;
        SimulatedWorld world = new SimulatedWorld(new Random(seed), _ -> {});
        long diskOperations = world.machine().disk().operations();
        kind.arm(world, n);
        try {
            for (Step step : COURSE) {
                run(world, step);
            }
            long operations = kind.isOfStore()
                    ? world.location("first").faults().calls()
                    : world.machine().disk().operations() - diskOperations;
            world.machine().disk().heal();
            world.settle();
            return operations;
        } catch (Exception | AssertionError e) {
            failures.add("in life " + lives + ", " + kind + " at operation " + n + " of world " + seed + ": " + e + "\n"
                    + world.trace());
            return 0;
        }
    }

    /** What cannot be captured or opened is tried again after a restart, with a disk that works. */
    private static void run(SimulatedWorld world, Step step) throws Exception {
        SimulatedMachine machine = world.machine();
        try {
            step.run(machine);
        } catch (IOException e) {
            world.tell("restarted because of " + e);
            machine.crash(machine.disk().operations());
            machine.start();
        }
    }
}
