package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Crc64;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A history whose writer is interrupted at each request to the store in turn, and started again. */
final class GenerationsInterruptedTest {
    private static final long LINEAGE = 0x1234567890abcdefL;
    private static final List<Long> TXIDS = List.of(1L, 2L, 3L, 4L, 9L, 10L, 11L);

    /** What only names the states of snapshots: it is not put again by a writer that finds the snapshot. */
    private static final List<String> SEALS =
            List.of("1234567890abcdef/wal/00000000_00000000.wal.lz4", "1234567890abcdef/wal/00000008_00000000.wal.lz4");

    @TempDir
    Path folder;

    private ModelDatabase states() throws Exception {
        Path file = folder.resolve("app.db");
        try (SqliteHistory history = new SqliteHistory(file, 1024, LINEAGE, new Random(3))) {
            for (int txid = 2; txid <= 4; txid++) {
                history.commit();
            }
            history.skipTo(9);
            history.commit();
            history.commit();
            return history.states();
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void itGoesOnAndWritesTheSame(Moment moment) throws Exception {
        ModelDatabase states = states();
        MemoryStore expected = new MemoryStore(Clock.system());
        new Writer(states, expected).run();
        for (long number = 1; ; number++) {
            MemoryStore memory = new MemoryStore(Clock.system());
            FaultyStore store = new FaultyStore(memory);
            store.inject(Fault.onceOfAll(moment, number));
            Writer writer = new Writer(states, store);
            writer.run();
            String what = "fault " + moment + " at request " + number;
            assertThat(contents(memory)).as(what).isEqualTo(contents(expected));
            for (long txid : TXIDS) {
                RestoreTarget target = new RestoreTarget.AtTxid(new Txid(txid));
                assertThat(Generations.restore(Generations.open(memory, folder), target))
                        .as(what)
                        .isEqualTo(states.content(txid));
            }
            if (!store.hasFailed()) {
                assertThat(number).as("requests").isGreaterThan(15);
                return;
            }
        }
    }

    private static Map<String, String> contents(ObjectStore store) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : Generations.names(store)) {
            byte[] bytes = Stored.read(store, "generations/" + name);
            contents.put(name, bytes.length + " bytes, CRC " + Crc64.update(0, bytes, 0, bytes.length));
        }
        contents.keySet().removeAll(SEALS);
        return contents;
    }

    /** Ships what there is, and looks again after each fault. */
    private final class Writer {
        private final ModelDatabase states;
        private final ObjectStore store;
        private boolean scheduledBaseline;

        Writer(ModelDatabase states, ObjectStore store) {
            this.states = states;
            this.store = store;
        }

        void run() throws IOException {
            while (true) {
                try {
                    bringUp(Generations.open(store, folder));
                    return;
                } catch (StoreException e) {
                    assertThat(e).isInstanceOf(StoreException.Unavailable.class);
                    checkNewest();
                }
            }
        }

        private void bringUp(Replica replica) throws IOException {
            Position at = replica.position();
            while (at.whole().value() < 11) {
                long whole = at.whole().value();
                if (whole == 0) {
                    replica.baseline(states.image(1));
                } else if (whole == 4) {
                    if (!scheduledBaseline) {
                        replica.baseline(states.image(4));
                        scheduledBaseline = true;
                    }
                    replica.baseline(states.image(9));
                } else {
                    replica.append(states.changes(whole + 1));
                }
                at = replica.position();
                assertThat(at.whole().value()).isGreaterThan(whole);
            }
        }

        /** Half of something is never taken for the newest state. */
        private void checkNewest() throws IOException {
            Replica replica = Generations.open(store, folder);
            Position position = replica.position();
            if (!position.whole().isNone()) {
                RestorePlan plan = replica.plan(new RestoreTarget.Latest());
                assertThat(plan.reached()).isEqualTo(position.whole());
                assertThat(Generations.restore(replica, new RestoreTarget.Latest()))
                        .isEqualTo(states.content(plan.reached().value()));
                assertThat(position.proof())
                        .contains(states.proof(plan.reached().value()));
            }
        }
    }

    @Test
    void withoutFaultsTheStatesOfSnapshotsAreNamed() throws Exception {
        MemoryStore store = new MemoryStore(Clock.system());
        new Writer(states(), store).run();
        assertThat(Generations.names(store)).containsAll(SEALS);
    }
}
