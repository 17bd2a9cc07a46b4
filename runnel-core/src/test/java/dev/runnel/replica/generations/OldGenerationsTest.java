package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.TxidAges;
import dev.runnel.replica.Upkeep;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generations that another program or another lineage wrote, beside a history that continues for days. */
final class OldGenerationsTest {
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration STEP = Duration.ofMinutes(30);
    private static final LtxPolicy POLICY = new LtxPolicy(
            Duration.ofHours(6),
            Optional.of(RETENTION),
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofSeconds(15),
            List.of(),
            AgeSource.TIME_PASSED);
    private final SimulatedClock clock = new SimulatedClock(SqliteHistory.ORIGIN);
    private final TxidAges ages = new TxidAges(clock);
    private final LocalChanges nothingLocal = new NothingLocal(ages);
    private final MemoryStore memory = new MemoryStore(clock);

    @TempDir
    Path folder;

    private final ModelDatabase database = new ModelDatabase(new Random(1), 7, new PageSize(512));

    @Test
    void i54WhatAnotherProgramWroteIsNeverRemovedHoweverOldItIs() throws IOException {
        plant("00000000000000aa", Duration.ofDays(-3));
        plant("00000000000000bb", Duration.ofMinutes(-1));
        List<String> planted = Generations.names(memory);
        LtxReplica replica = replica();
        for (int i = 0; i < 200; i++) {
            step(replica);
        }
        assertThat(Generations.names(memory)).isEqualTo(planted);
    }

    @Test
    void i54OtherGenerationsStayBesideOneThatIsContinued() throws Exception {
        plant("00000000000000aa", Duration.ofDays(-3));
        plant("00000000000000bb", Duration.ofDays(-2));
        memory.put(
                "generations/00000000000000bb/00000000000000bb.runnel",
                Bodies.of(new byte[1]),
                PutOptions.replace(clock.now()));
        List<String> planted = Generations.names(memory);
        try (SqliteHistory history = new SqliteHistory(folder.resolve("a.db"), 512, 7, new Random(3))) {
            GenerationsReplica replica = Generations.open(memory, folder, GenerationsPolicy.DEFAULT, clock);
            replica.baseline(history.states().image(1));
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofDays(2));
                replica.append(history.states().changes(history.commit()));
                ages.seen(new Txid(history.states().newest()));
                replica.position();
                replica.baseline(history.states().image(history.states().newest()));
                replica.position();
                replica.maintain(nothingLocal);
            }
        }
        assertThat(Generations.names(memory))
                .containsAll(planted)
                .doesNotContain("0000000000000007/snapshots/00000001.snapshot.lz4");
    }

    private LtxReplica replica() throws IOException {
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, () -> {
            throw new IOException("a small file needs no scratch");
        });
        LtxReplica replica = new LtxReplica(memory, LtxKeys.folder(), encoding, POLICY, clock);
        database.commitAt(clock.now());
        replica.baseline(database.image(1));
        return replica;
    }

    private void step(LtxReplica replica) throws IOException {
        clock.advance(STEP);
        replica.append(database.changes(database.commitAt(clock.now())));
        ages.seen(new Txid(database.newest()));
        replica.position();
        if (replica.maintain(nothingLocal).baseline() == Upkeep.Baseline.DUE) {
            replica.baseline(database.image(database.newest()));
        }
    }

    private void plant(String generation, Duration age) throws IOException {
        Instant time = clock.now().plus(age);
        for (String name : List.of("/snapshots/00000000.snapshot.lz4", "/wal/00000000_00000000.wal.lz4")) {
            String key = "generations/" + generation + name;
            ObjectInfo stored = memory.put(key, Bodies.of(new byte[40]), PutOptions.replace(time));
            assertThat(stored.time()).isEqualTo(time);
        }
    }
}
