package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replica that is told to end once it has everything. */
final class EndOfReplicaTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What was uploaded last is listed once before the end: at once, not when the next listing is due, which may be in an hour. */
    @ParameterizedTest
    @EnumSource
    void i37ItEndsAtOnceAlsoIfItIsToldBeforeItUploadsTheLastChangeSet(SimulatedLayout layout) throws Exception {
        SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        SimulatedLocation location = new SimulatedLocation(clock, layout, _ -> Optional.empty());
        SimulatedMachine machine = new SimulatedMachine(
                new Random(1), clock, ListingIntervals.SELDOM, Map.of("only", location::open), (_, _) -> {}, () -> {});
        machine.onlyUploads();
        machine.start();
        machine.commit();
        machine.write();
        machine.capture();
        ReplicaActor actor = machine.actor("only");
        actor.changed();
        actor.finish(machine.newest());

        Thread loop = Thread.ofVirtual().start(actor);

        assertThat(loop.join(LIMIT)).as("ended").isTrue();
        assertThat(actor.shipped()).isEqualTo(machine.newest());
        assertThat(location.newest(machine.content())).isEqualTo(machine.content());
    }
}
