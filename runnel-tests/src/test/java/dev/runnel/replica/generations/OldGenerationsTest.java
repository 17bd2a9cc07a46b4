package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.Ages;
import dev.runnel.replica.LocalChanges;
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
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Generations that Litestream 0.3 has left, beside a history in the other layout that goes on for days. */
final class OldGenerationsTest {
    private static final Duration RETENTION = Duration.ofHours(24);
    private static final Duration STEP = Duration.ofMinutes(30);
    private static final LtxPolicy POLICY = new LtxPolicy(
            Duration.ofHours(6),
            Optional.of(RETENTION),
            Optional.of(Duration.ofMinutes(5)),
            Duration.ofSeconds(15),
            List.of(),
            Ages.TIME_PASSED);
    private static final LocalChanges NOTHING_LOCAL = new LocalChanges() {
        @Override
        public boolean has(TxidRange range) {
            return false;
        }

        @Override
        public InputStream open(Txid txid) throws IOException {
            throw new IOException("no change set is here");
        }

        @Override
        public DiskFile room() throws IOException {
            throw new IOException("there is no room");
        }
    };

    private final SimulatedClock clock = new SimulatedClock(SqliteHistory.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final CountingStore old = new CountingStore(memory);
    private final ModelDatabase database = new ModelDatabase(new Random(1), 7, new PageSize(512));

    @Test
    void theyStayAsLongAsAPromisedMomentIsTheirs() throws IOException {
        plant("00000000000000aa", Duration.ofDays(-3));
        plant("00000000000000bb", Duration.ofMinutes(-1));
        LtxReplica replica = replica();
        Instant begun = clock.now();
        boolean isGone = false;
        while (!isGone) {
            step(replica);
            isGone = Generations.names(memory).isEmpty();
            Instant promised = clock.now().minus(RETENTION);
            assertThat(isGone && promised.isBefore(begun))
                    .as("gone at %s", clock.now())
                    .isFalse();
            assertThat(clock.now()).isBefore(begun.plus(Duration.ofDays(3)));
        }
        old.reset();
        for (int i = 0; i < 100; i++) {
            step(replica);
        }
        assertThat(old.total())
                .as("requests where nothing is to be removed any more, after one that shows it")
                .isOne();
    }

    @Test
    void oneThatSomebodyContinuesStays() throws IOException {
        plant("00000000000000aa", Duration.ZERO);
        LtxReplica replica = replica();
        for (int i = 0; i < 200; i++) {
            step(replica);
            String key = "generations/00000000000000aa/wal/%08x_00000000.wal.lz4".formatted(i + 1);
            memory.put(key, Bodies.of(new byte[40]), PutOptions.replace(clock.now()));
        }
        assertThat(Generations.names(memory)).hasSize(202);
        assertThat(old.count(StoreOperation.LIST)).as("looks in 100 hours").isBetween(50L, 101L);
    }

    private LtxReplica replica() throws IOException {
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, () -> {
            throw new IOException("a small file needs no scratch");
        });
        LtxReplica replica = new LtxReplica(
                memory,
                LtxKeys.folder(),
                encoding,
                POLICY,
                clock,
                new OldGenerations(old, GenerationKeys.DEFAULT, clock));
        database.commitAt(clock.now());
        replica.baseline(database.image(1));
        return replica;
    }

    private void step(LtxReplica replica) throws IOException {
        clock.advance(STEP);
        replica.append(database.changes(database.commitAt(clock.now())));
        replica.position();
        if (replica.maintain(NOTHING_LOCAL).baseline() == Upkeep.Baseline.DUE) {
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
