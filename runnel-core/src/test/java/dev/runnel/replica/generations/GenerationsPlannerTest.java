package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GenerationsPlannerTest {
    private static final Instant TIME = Instant.parse("2026-11-30T09:00:00Z");

    @Test
    void aTxidThatIsInSeveralGenerationsIsRefusedAndTheyAreNamed() throws ReplicaException {
        GenerationsPlanner planner = GenerationsPlanner.all("here", List.of(ours("a", 2, 9), ours("b", 2)), Set.of());

        assertThatThrownBy(() -> planner.way(atTxid(2)))
                .isInstanceOf(ReplicaException.NotReachable.class)
                .hasMessage("here: TXID 0000000000000002 is in several generations: a, b");
        assertThat(planner.way(atTxid(9)).generation().name()).isEqualTo("a");
    }

    @Test
    void aTxidIsThatOfTheGenerationWithAnObjectOfIt() throws ReplicaException {
        GenerationsPlanner planner = GenerationsPlanner.all("here", List.of(ours("a", 2, 9), ours("b", 5)), Set.of());

        assertThat(planner.way(atTxid(5)).generation().name()).isEqualTo("b");
    }

    @Test
    void i47GenerationsWithTheSameTxidsSayNothingOfEachOthersTimes() throws ReplicaException {
        Snapshot late = new Snapshot("a", 4, 100, TIME.plusSeconds(100), "a4");
        Generation other = new Generation("a", OptionalLong.of(2), List.of(late), List.of());
        Generation ours = ours("b", 2);
        Segment next = new Segment("b", 2, 0, 100, TIME.plusSeconds(3), "b-2");
        Segment newest = new Segment("b", 4, 0, 100, TIME.plusSeconds(5), "b-4");
        Generation longer = new Generation("b", ours.lineage(), ours.snapshots(), List.of(next, newest));
        GenerationsPlanner planner = GenerationsPlanner.all("here", List.of(other, longer), Set.of());

        GenerationPath way = planner.way(new RestoreTarget.AtTime(TIME.plusSeconds(2)));
        assertThat(way.generation().name()).isEqualTo("b");
        assertThat(way.reached().index()).isEqualTo(2);
    }

    private static RestoreTarget atTxid(long txid) {
        return new RestoreTarget.AtTxid(new Txid(txid));
    }

    private static Generation ours(String name, int... snapshots) {
        List<Snapshot> made = Arrays.stream(snapshots)
                .mapToObj(index -> new Snapshot(name, index, 100, TIME.plusSeconds(index), name + index))
                .toList();
        return new Generation(name, OptionalLong.of(1), made, List.of());
    }
}
