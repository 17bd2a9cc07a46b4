package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.SimulatedClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A machine that lost its local files finds a replica of which nothing restores any more. */
final class NothingRestorableTest {
    @ParameterizedTest
    @EnumSource
    void i54TheHistoryContinuesWithASnapshotThatIsNotTakenForAnotherWriters(SimulatedLayout layout) throws Exception {
        SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
        SimulatedLocation location = new SimulatedLocation(clock, layout, _ -> Optional.empty());
        SimulatedMachine resources = new SimulatedMachine(
                new Random(1), clock, ListingIntervals.OFTEN, Map.of("only", location::open), (_, _) -> {}, () -> {});
        resources.start();
        resources.commit();
        resources.stop();
        resources.loseLocalFiles();
        location.store().all().stream()
                .map(ObjectInfo::key)
                .filter(key -> SimulatedLayout.parse(key)
                        .filter(named -> !named.isChangeSet())
                        .isPresent())
                .forEach(location.store()::lose);
        clock.advance(Duration.ofHours(1));

        resources.start();
        resources.run(Duration.ofMinutes(10));
        assertThat(resources.actor("only").health()).isEqualTo(new Health.Healthy());
        assertThat(location.newest(resources.content())).isEqualTo(resources.content());
    }
}
