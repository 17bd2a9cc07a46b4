package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Changes;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A baseline of TXID 1 and change sets 2 to 8 at a replica: what is written there, and what stops us. */
@Tag("slow")
final class GenerationsWritingTest {
    private static final long LINEAGE = 0x1234567890abcdefL;
    private static final String GENERATION = "1234567890abcdef";
    private static final String ROOT = "generations/" + GENERATION + "/";
    private static final int NEWEST = 8;

    @TempDir
    Path folder;

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final CountingStore counting = new CountingStore(memory);
    private final FaultyStore store = new FaultyStore(counting);
    private SqliteHistory database;
    private ModelDatabase states;
    private GenerationsReplica replica;

    @BeforeEach
    void write() throws Exception {
        database = new SqliteHistory(folder.resolve("app.db"), 512, LINEAGE, new Random(42));
        states = database.states();
        replica = Generations.open(store, folder);
        replica.baseline(states.image(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            replica.append(states.changes(database.commit()));
        }
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void objectsHaveTheNamesAndTimesThatLitestreamExpects() throws IOException {
        assertThat(Generations.names(memory))
                .containsExactly(
                        GENERATION + "/" + GENERATION + ".runnel2",
                        GENERATION + "/snapshots/00000001.snapshot.lz4",
                        GENERATION + "/wal/00000000_00000000.wal.lz4",
                        GENERATION + "/wal/00000001_00000000.wal.lz4",
                        GENERATION + "/wal/00000002_00000000.wal.lz4",
                        GENERATION + "/wal/00000003_00000000.wal.lz4",
                        GENERATION + "/wal/00000004_00000000.wal.lz4",
                        GENERATION + "/wal/00000005_00000000.wal.lz4",
                        GENERATION + "/wal/00000006_00000000.wal.lz4",
                        GENERATION + "/wal/00000007_00000000.wal.lz4");
        assertThat(memory.stat(wal(5)).orElseThrow().time()).isEqualTo(states.time(5));
        assertThat(memory.stat(snapshot(1)).orElseThrow().time()).isEqualTo(states.time(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void sqliteMakesTheSameOfEveryWal(int pageSize) throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            MemoryStore place = new MemoryStore(Clock.system());
            GenerationsReplica written = Generations.open(place, folder);
            Path file = folder.resolve("app-" + pageSize + "-" + seed + ".db");
            try (SqliteHistory history = new SqliteHistory(file, pageSize, LINEAGE, new Random(seed))) {
                written.baseline(history.states().image(1));
                for (int txid = 2; txid <= 20; txid++) {
                    written.append(history.states().changes(history.commit()));
                    if (txid == 12) {
                        written.baseline(history.states().image(txid));
                    }
                }
                WalOracle oracle = new WalOracle(place, LINEAGE, folder);
                for (int txid = 1; txid <= 20; txid++) {
                    byte[] expected = history.states().content(txid);
                    String what = "seed " + seed + ", TXID " + txid;
                    assertThat(oracle.restore(1, txid - 1)).as(what).isEqualTo(expected);
                    assertThat(Generations.restore(written, at(txid))).as(what).isEqualTo(expected);
                }
                assertThat(oracle.restore(12, 19)).isEqualTo(history.states().content(20));
                assertThat(Generations.restore(written, new RestoreTarget.Latest()))
                        .isEqualTo(history.states().content(20));
            }
        }
    }

    @Test
    void appendIsOnePutAndALookIsOneListing() throws Exception {
        counting.reset();
        replica.append(states.changes(database.commit()));
        assertThat(counting.total()).isEqualTo(1);
        assertThat(counting.count(StoreOperation.PUT)).isEqualTo(1);
        counting.reset();
        assertPosition(replica.position(), NEWEST + 1, NEWEST + 1);
        assertThat(counting.total()).isEqualTo(1);
        assertThat(counting.count(StoreOperation.LIST)).isEqualTo(1);
    }

    @Test
    void aProcessThatHasJustStartedKnowsTheStateAndItsWriter() throws IOException {
        Position position = Generations.open(store, folder).position();
        assertPosition(position, NEWEST, NEWEST);
        assertThat(position.proof()).contains(states.proof(NEWEST));
    }

    @Test
    void aLoneSnapshotProvesItsStateToo() throws IOException {
        delete(wal(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            delete(wal(txid));
        }
        assertThat(Generations.open(store, folder).position().proof()).contains(states.proof(1));
    }

    @Test
    void thePositionIsTheFirstHole() throws IOException {
        for (int txid = 2; txid <= NEWEST; txid++) {
            byte[] was = Stored.read(memory, wal(txid));
            ObjectInfo info = memory.stat(wal(txid)).orElseThrow();
            delete(wal(txid));
            Position position = replica.position();
            assertPosition(position, txid - 1, txid < NEWEST ? NEWEST : NEWEST - 1);
            assertThat(position.proof()).contains(states.proof(txid - 1));
            replica.append(states.changes(txid));
            assertThat(Stored.read(memory, wal(txid))).isEqualTo(was);
            assertThat(memory.stat(wal(txid)).orElseThrow().time()).isEqualTo(info.time());
            assertPosition(replica.position(), NEWEST, NEWEST);
        }
    }

    @Test
    void withoutASnapshotNothingIsWhole() throws IOException {
        delete(snapshot(1));
        assertThat(replica.position())
                .isEqualTo(new Position(Txid.NONE, new Txid(NEWEST), new Txid(1), Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void i16AppendThatFailsIsRepeatedWithoutHarm(Moment moment) throws Exception {
        Changes changes = states.changes(database.commit());
        store.inject(Fault.once(StoreOperation.PUT, moment, 1));
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(() -> replica.append(changes));
        replica.append(changes);
        replica.append(changes);
        assertPosition(replica.position(), 9, 9);
        assertThat(Generations.restore(replica, at(9))).isEqualTo(states.content(9));
    }

    @Test
    void i23WhatSomebodyElseHasPutThereStaysAndStopsUs() throws Exception {
        Path other = folder.resolve("other.db");
        try (SqliteHistory foreign = new SqliteHistory(other, 512, LINEAGE, new Random(7))) {
            foreign.skipTo(NEWEST);
            byte[] wal = Stored.wal(foreign.states().changes(foreign.commit()));
            Stored.plant(memory, wal(9), wal);
            Changes changes = states.changes(database.commit());
            assertThatExceptionOfType(ReplicaException.Foreign.class)
                    .isThrownBy(() -> replica.append(changes))
                    .withMessageContaining(wal(9));
            assertThat(Stored.read(memory, wal(9))).isEqualTo(wal);
        }
    }

    @Test
    void i23ChangesOfAnotherLineageAreNotMixedIn() throws Exception {
        try (SqliteHistory foreign = new SqliteHistory(folder.resolve("other.db"), 512, 99, new Random(7))) {
            foreign.skipTo(NEWEST);
            Changes changes = foreign.states().changes(foreign.commit());
            assertThatExceptionOfType(ReplicaException.Foreign.class).isThrownBy(() -> replica.append(changes));
            assertThat(memory.stat(wal(9))).isEmpty();
        }
    }

    @Test
    void whatIsDamagedIsReplaced() throws Exception {
        for (byte[] damaged :
                List.of(new byte[0], new byte[100], Stored.cut(memory, wal(8)), Stored.flipped(memory, wal(8)))) {
            Stored.plant(memory, wal(8), damaged);
            GenerationsReplica started = Generations.open(store, folder);
            boolean isJunk = damaged.length == 0 || damaged[0] == 0;
            assertPosition(started.position(), 7, isJunk ? 7 : 8);
            started.append(states.changes(8));
            assertPosition(started.position(), 8, 8);
            assertThat(Generations.restore(started, at(8))).isEqualTo(states.content(8));
        }
    }

    @Test
    void aBaselineThatIsThereAlreadyIsNotWrittenAgain() throws IOException {
        counting.reset();
        replica.baseline(states.image(1));
        assertThat(counting.count(StoreOperation.PUT)).isZero();

        Stored.plant(memory, snapshot(1), Stored.cut(memory, snapshot(1)));
        replica.baseline(states.image(1));
        assertThat(Generations.restore(replica, at(1))).isEqualTo(states.content(1));

        Stored.plant(memory, snapshot(1), Stored.read(memory, snapshot(NEWEST, replica)));
        assertThatExceptionOfType(ReplicaException.Foreign.class)
                .isThrownBy(() -> replica.baseline(states.image(1)))
                .withMessageContaining(snapshot(1));
    }

    /** Writes a snapshot of the newest state and gives its key. */
    private String snapshot(int txid, GenerationsReplica written) throws IOException {
        written.baseline(states.image(txid));
        return snapshot(txid);
    }

    @Test
    void aNewLineageIsANewGenerationAboveTheOldOne() throws Exception {
        try (SqliteHistory anew = new SqliteHistory(folder.resolve("anew.db"), 1024, 99, new Random(7))) {
            anew.skipTo(NEWEST + 1);
            GenerationsReplica started = Generations.open(store, folder);
            started.position();
            started.baseline(anew.states().image(9));
            started.append(anew.states().changes(anew.commit()));
            assertPosition(started.position(), 10, 10);
            assertThat(started.position().proof()).contains(anew.states().proof(10));
            assertThat(Generations.restore(started, new RestoreTarget.Latest()))
                    .isEqualTo(anew.states().content(10));
            assertThat(Generations.restore(started, at(5))).isEqualTo(states.content(5));
        }
    }

    @Test
    void i44AGenerationThatLostItsMarkIsThatOfItsLineageAgain() throws Exception {
        delete(ROOT + GENERATION + ".runnel2");
        GenerationsReplica started = Generations.open(store, folder);
        assertPosition(started.position(), 0, 0);
        assertThat(started.reclaim(99)).isFalse();
        assertThat(started.reclaim(LINEAGE)).isTrue();
        assertPosition(started.position(), NEWEST, NEWEST);
        assertThat(started.reclaim(LINEAGE)).isFalse();
    }

    @Test
    void i54WhereNothingIsListedARecordIsStoredAllTheSameOrNotTakenForStored() throws Exception {
        Txid last = new Txid(NEWEST);
        replica.position();
        store.listings(_ -> List.of());
        replica.record(last, Takeover.Kind.ADOPTED, "for people");
        assertThat(Generations.names(memory)).contains(GENERATION + "/0000000000000008.adopted");
        GenerationsReplica started = Generations.open(store, folder);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> started.record(last, Takeover.Kind.ADOPTED, "for people"))
                .withMessageContaining("0000000000000008");
    }

    @Test
    void aBaselineAboveAHoleGoesOnInTheSameGeneration() throws Exception {
        database.skipTo(20);
        replica.baseline(states.image(20));
        assertPosition(replica.position(), 20, 20);
        assertThat(memory.stat(wal(20)))
                .as("what names the state of the snapshot")
                .isPresent();
        replica.append(states.changes(database.commit()));
        assertPosition(replica.position(), 21, 21);
        assertThat(Generations.open(store, folder).position().proof()).contains(states.proof(21));
        for (int txid : List.of(1, 5, NEWEST, 20, 21)) {
            assertThat(Generations.restore(replica, at(txid)))
                    .as("TXID %d", txid)
                    .isEqualTo(states.content(txid));
        }
        assertThatExceptionOfType(ReplicaException.NotReachable.class).isThrownBy(() -> replica.plan(at(15)));
    }

    @Test
    void aChangeSetReplacesWhatOnlyNamesItsState() throws Exception {
        long first = database.commit();
        long second = database.commit();
        replica.baseline(states.image(second));
        replica.append(states.changes(first));
        replica.append(states.changes(second));
        delete(snapshot((int) second));
        assertThat(Generations.restore(replica, at(second))).isEqualTo(states.content(second));
    }

    @Test
    void faultOfTheChangeLogIsNoFaultOfTheReplica() throws Exception {
        IOException fault = new IOException("log file is gone");
        Changes changes = states.changes(database.commit());
        Changes failing = new Changes(changes.range(), changes.time(), Bodies.failing(new byte[500], 120, fault));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> replica.append(failing))
                .isSameAs(fault);
        assertPosition(replica.position(), NEWEST, NEWEST);
    }

    @Test
    void aTxidThatTheLayoutCannotNameIsRefused() throws Exception {
        database.skipTo(0x80000000L);
        assertThatExceptionOfType(ReplicaException.Full.class)
                .isThrownBy(() -> replica.baseline(states.image(0x80000000L)))
                .withMessageContaining("0000000080000000");
    }

    private void delete(String key) throws IOException {
        memory.delete(List.of(key));
    }

    private static String wal(long txid) {
        return ROOT + "wal/%08x_00000000.wal.lz4".formatted(txid - 1);
    }

    private static String snapshot(int txid) {
        return ROOT + "snapshots/%08x.snapshot.lz4".formatted(txid);
    }

    private static RestoreTarget at(long txid) {
        return new RestoreTarget.AtTxid(new Txid(txid));
    }

    private static void assertPosition(Position position, long whole, long highest) {
        assertThat(position.whole().value()).as("whole").isEqualTo(whole);
        assertThat(position.highest().value()).as("highest").isEqualTo(highest);
    }
}
