package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.NewestHistory;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which of several histories at one location is the newest: TXIDs say it, whatever times a copy has. */
final class NewestHistoryTest {
    private static final Duration RETENTION = Duration.ofDays(100);
    private static final long OLD = 5;
    private static final long NEW = 10;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final ModelDatabase database = new ModelDatabase(new Random(3), ModelDatabase.LINEAGE, new PageSize(512));

    @ParameterizedTest
    @EnumSource
    void i47OfTwoLayoutsTheOneWithTheHigherTxidIsTheNewestWhateverTheTimes(TestedLayout older) throws IOException {
        TestedLayout newer = older == TestedLayout.LTX ? TestedLayout.GENERATIONS : TestedLayout.LTX;
        write(older, database, OLD);
        write(newer, database, NEW);
        assertNewest(memory, NEW);
        assertNewest(copied(key -> isOf(newer, key) ? 0 : 1), NEW);
        assertNewest(copied(key -> isOf(newer, key) ? 1 : 0), NEW);
    }

    @Test
    void i47OfSeveralGenerationsTheOneWithTheHigherTxidIsTheNewestWhateverTheTimes() throws IOException {
        write(TestedLayout.GENERATIONS, database, OLD);
        ModelDatabase again = new ModelDatabase(new Random(4), 0x0fedcba987654321L, new PageSize(512));
        while (again.newest() < OLD) {
            again.commitAt(clock.now());
        }
        write(TestedLayout.GENERATIONS, again, NEW);
        String second = "0fedcba987654321";
        assertNewest(memory, NEW);
        assertNewest(copied(key -> key.contains(second) ? 0 : 1), NEW);
        assertNewest(copied(key -> key.contains(second) ? 1 : 0), NEW);
    }

    @Test
    void whatHasNoTxidsIsComparedByTimesWhereTheseAreTheWriters() throws IOException {
        write(TestedLayout.LTX, database, OLD);
        for (Duration age : List.of(Duration.ofDays(-3), Duration.ofDays(3))) {
            plantForeignGeneration(clock.now().plus(age));
            Restorable chosen = NewestHistory.of(histories(memory), new RestoreTarget.Latest());
            boolean isForeign = chosen.extent().orElseThrow().txids().isEmpty();
            assertThat(isForeign).isEqualTo(!age.isNegative());
        }
    }

    @Test
    void whatHasNoTxidsIsNotComparedByTheTimesOfACopy() throws IOException {
        write(TestedLayout.LTX, database, OLD);
        plantForeignGeneration(clock.now().minus(Duration.ofDays(3)));
        for (ToIntFunction<String> order : List.<ToIntFunction<String>>of(
                key -> key.startsWith("ltx") ? 0 : 1, key -> key.startsWith("ltx") ? 1 : 0)) {
            MemoryStore copy = copied(order);
            assertThatExceptionOfType(ReplicaException.NotReachable.class)
                    .isThrownBy(() -> NewestHistory.of(histories(copy), new RestoreTarget.Latest()))
                    .withMessageContaining("cannot be determined")
                    .matches(e -> e.nextStep().contains("-generation"));
        }
    }

    @Test
    void i27AnOlderHistoryNeverPassesForAHoleInTheNewestAtThatTime() throws IOException {
        write(TestedLayout.GENERATIONS, database, OLD);
        write(TestedLayout.LTX, database, NEW);
        Instant then = database.time(8);
        memory.delete(List.of(TestedLayout.LTX.changeSet(8)));
        assertThatExceptionOfType(ReplicaException.NotReachable.class).isThrownBy(() -> {
            Restorable chosen = NewestHistory.of(histories(memory), new RestoreTarget.AtTime(then));
            chosen.plan(new RestoreTarget.AtTime(then));
        });
        Instant before = database.time(3);
        RestoreTarget target = new RestoreTarget.AtTime(before);
        assertThat(NewestHistory.of(histories(memory), target).plan(target).reached())
                .isEqualTo(new Txid(3));
    }

    private void write(TestedLayout layout, ModelDatabase states, long newest) throws IOException {
        Replica replica = layout.open(memory, RETENTION, clock);
        replica.position();
        clock.advance(Duration.ofHours(1));
        replica.baseline(states.image(states.commitAt(clock.now())));
        while (states.newest() < newest) {
            clock.advance(Duration.ofHours(1));
            replica.append(states.changes(states.commitAt(clock.now())));
        }
    }

    private static void assertNewest(MemoryStore store, long txid) throws IOException {
        RestoreTarget target = new RestoreTarget.Latest();
        RestorePlan plan = NewestHistory.of(histories(store), target).plan(target);
        assertThat(plan.reached().value()).isEqualTo(txid);
        List<Restorable> otherWayRound = histories(store).reversed();
        assertThat(NewestHistory.of(otherWayRound, target)
                        .plan(target)
                        .reached()
                        .value())
                .isEqualTo(txid);
    }

    private static List<Restorable> histories(MemoryStore store) {
        SimulatedClock now = new SimulatedClock(ModelDatabase.ORIGIN);
        return List.of(
                TestedLayout.LTX.open(store, RETENTION, now), TestedLayout.GENERATIONS.open(store, RETENTION, now));
    }

    private static boolean isOf(TestedLayout layout, String key) {
        return key.startsWith("generations/") == (layout == TestedLayout.GENERATIONS);
    }

    /** A copy whose objects have the time at which they were copied: those of rank 0 first. */
    private MemoryStore copied(ToIntFunction<String> rank) throws IOException {
        MemoryStore copy = new MemoryStore(clock);
        Instant begun = clock.now().plus(Duration.ofDays(30));
        try (Stream<ObjectInfo> listing = memory.list("", Optional.empty())) {
            for (ObjectInfo object : listing.toList()) {
                try (InputStream in = memory.open(object.key(), ByteRange.ALL)) {
                    copy.put(
                            object.key(),
                            Bodies.of(in.readAllBytes()),
                            PutOptions.replace(begun.plusSeconds(10L * rank.applyAsInt(object.key()))));
                }
            }
        }
        return copy;
    }

    private void plantForeignGeneration(Instant time) throws IOException {
        for (String name : List.of("snapshots/00000000.snapshot.lz4", "wal/00000000_00000000.wal.lz4")) {
            byte[] content = new byte[40];
            Arrays.fill(content, (byte) 7);
            memory.put("generations/00000000000000aa/" + name, Bodies.of(content), PutOptions.replace(time));
        }
    }
}
