package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.Replica;
import dev.runnel.replica.TxidAges;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files of two databases that follow each other by their TXIDs only: another writer has filled a gap. */
final class UnmergeableFilesTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore store = new MemoryStore(clock);
    private final CrashDisk disk = new CrashDisk(clock);
    private final LocalChanges local = new NothingLocal(new TxidAges(clock), Scratch.at(disk, Path.of("/merge")));
    private final ModelDatabase ours = new ModelDatabase(new Random(1), ModelDatabase.LINEAGE, new PageSize(512));
    private final ModelDatabase another = new ModelDatabase(new Random(2), ModelDatabase.LINEAGE, new PageSize(1024));

    @Test
    void i57ALevelWaitsForASnapshotThatStandsForThemAndGoesOnAboveIt() throws IOException {
        for (int i = 0; i < 7; i++) {
            ours.commitAt(clock.now());
            another.commitAt(clock.now());
        }
        plant(9, ours, 1, 1);
        for (long txid = 2; txid <= 5; txid++) {
            plant(0, txid == 3 ? another : ours, txid, txid);
        }
        Replica replica = open();
        assertThat(maintain(replica))
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.consequence()).startsWith("compaction level 1 gets no new files since"));
        assertThat(store.stat(Replicas.key(1, 2, 5))).isEmpty();

        plant(9, ours, 1, 4);
        assertThat(maintain(replica)).isEmpty();
        assertThat(store.stat(Replicas.key(1, 5, 5))).isPresent();
        plant(0, ours, 6, 6);
        assertThat(maintain(replica)).isEmpty();
        assertThat(store.stat(Replicas.key(1, 6, 6))).isPresent();
        assertThat(store.stat(Replicas.key(0, 3, 3)))
                .as("nothing is removed for it")
                .isPresent();

        plant(0, ours, 7, 7);
        assertThat(maintain(open())).as("a process that starts").isEmpty();
        assertThat(store.stat(Replicas.key(1, 7, 7))).isPresent();
    }

    @Test
    void i57WhatComesToALevelInAnotherWayEndsItsTrouble() throws IOException {
        for (int i = 0; i < 3; i++) {
            ours.commitAt(clock.now());
        }
        plant(9, ours, 1, 1);
        plant(0, ours, 2, 2);
        plant(0, ours, 3, 3);
        Replica replica = open();
        replica.position();
        store.delete(List.of(Replicas.key(0, 2, 2)));
        clock.advance(INTERVAL.multipliedBy(2));
        assertThat(replica.maintain(local).failures()).hasSize(1);

        plant(1, ours, 2, 3);
        assertThat(maintain(replica)).isEmpty();
    }

    private List<MaintenanceTask.Failure> maintain(Replica replica) throws IOException {
        clock.advance(INTERVAL.multipliedBy(2));
        replica.position();
        return replica.maintain(local).failures();
    }

    private Replica open() {
        Duration day = Duration.ofDays(1);
        return Replicas.open(
                store,
                new LtxPolicy(
                        day,
                        Optional.of(day),
                        Optional.of(day),
                        Duration.ZERO,
                        List.of(INTERVAL),
                        AgeSource.WALL_CLOCK),
                clock);
    }

    private void plant(int level, ModelDatabase database, long min, long max) throws IOException {
        Replicas.plant(store, Replicas.key(level, min, max), database.file(min, max));
    }
}
