package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
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

    private static RestoreTarget atTxid(long txid) {
        return new RestoreTarget.AtTxid(new Txid(txid));
    }

    private static Generation ours(String name, int... snapshots) {
        List<Snapshot> made = Arrays.stream(snapshots)
                .mapToObj(index -> new Snapshot(name, index, 1, TIME.plusSeconds(index), name + index))
                .toList();
        return new Generation(name, OptionalLong.of(1), made, List.of());
    }
}
