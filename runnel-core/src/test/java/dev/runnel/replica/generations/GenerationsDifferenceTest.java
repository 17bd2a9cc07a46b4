package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.GapFill;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica that has TXIDs 1 to 4 of a database, and will never get the change sets up to 9. */
@Tag("slow")
final class GenerationsDifferenceTest {
    private static final long LINEAGE = 0x1234567890abcdefL;
    private static final String ROOT = "generations/1234567890abcdef/";
    private static final long WHOLE = 4;
    private static final long NEWEST = 9;

    @TempDir
    Path folder;

    private MemoryStore memory = new MemoryStore(Clock.system());
    private SqliteHistory database;
    private ModelDatabase states;
    private GenerationsReplica replica;

    @BeforeEach
    void ship() throws Exception {
        database = new SqliteHistory(folder.resolve("app.db"), 512, LINEAGE, new Random(3));
        states = database.states();
        for (int i = 0; i < 8; i++) {
            database.insert();
        }
        database.take(1);
        replica = open(memory);
        replica.baseline(states.image(1));
        for (long txid = 2; txid <= NEWEST; txid++) {
            database.change();
            database.take(txid);
            if (txid <= WHOLE) {
                replica.append(states.changes(txid));
            }
        }
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private GenerationsReplica open(ObjectStore store) throws IOException {
        GenerationsReplica opened = Generations.open(store, folder);
        opened.position();
        return opened;
    }

    @Test
    void whatIsThereWhenItIsLookedAtAgainIsNotBridged() throws Exception {
        for (long txid = WHOLE + 1; txid <= NEWEST; txid++) {
            replica.append(states.changes(txid));
        }
        List<String> before = Generations.names(memory);
        assertThat(fillGap(replica).kind()).isEqualTo(GapFill.Kind.NOTHING);
        assertThat(Generations.names(memory)).isEqualTo(before);
    }

    private GapFill fillGap(GenerationsReplica at) throws IOException, InterruptedException {
        Scratch room = Scratch.at(Disk.system(), folder.resolve("room"));
        return at.fillGap(states::imageSince, room);
    }

    /** Retention goes by the records of the generation that is continued. */
    @Test
    void aRecordOfAnotherHistoryIsStoredInTheGenerationThatIsContinued() throws Exception {
        String other = "generations/00000000000000ff/";
        Stored.plant(memory, other + "00000000000000ff.runnel2", new byte[0]);
        Stored.plant(memory, other + "wal/00000063_00000000.wal.lz4", new byte[100]);
        assertThat(replica.position().whole().value()).isEqualTo(WHOLE);

        replica.record(new Txid(WHOLE), Takeover.Kind.ADOPTED, "as it is told to people");

        assertThat(keys())
                .filteredOn(key -> key.endsWith(".adopted"))
                .singleElement()
                .asString()
                .startsWith(ROOT);
    }

    @Test
    void onlyWhatDiffersIsShippedAndNoIndexIsMissing() throws Exception {
        GapFill bridge = fillGap(replica);

        assertThat(bridge.kind()).isEqualTo(GapFill.Kind.DIFFERENCE);
        assertThat(bridge.pages()).isLessThan(states.content(NEWEST).length / 512);
        assertPosition(replica.position(), NEWEST, NEWEST);
        assertThat(open(memory).position().proof()).contains(states.proof(NEWEST));
        assertThat(new WalOracle(memory, LINEAGE, folder).restore(1, (int) NEWEST - 1))
                .isEqualTo(states.content(NEWEST));
        assertThat(Generations.restore(replica, new RestoreTarget.Latest())).isEqualTo(states.content(NEWEST));
        database.change();
        database.take(NEWEST + 1);
        replica.append(states.changes(NEWEST + 1));
        assertThat(Generations.restore(replica, new RestoreTarget.Latest())).isEqualTo(states.content(NEWEST + 1));
    }

    @Test
    void txidsThatWereNotShippedThemselvesAreOutOfReachAndTheNearestAreNamed() throws Exception {
        fillGap(replica);
        for (long txid = WHOLE + 1; txid < NEWEST; txid++) {
            RestoreTarget target = at(txid);
            assertThatExceptionOfType(ReplicaException.NotReachable.class)
                    .isThrownBy(() -> replica.plan(target))
                    .withMessageContaining("TXID 0000000000000004 and TXID 0000000000000009");
        }
        for (long txid : List.of(1L, 2L, WHOLE, NEWEST)) {
            assertThat(Generations.restore(replica, at(txid))).isEqualTo(states.content(txid));
        }
        assertThat(Generations.restore(replica, new RestoreTarget.AtTime(states.time(7))))
                .as("times between are those of the state before")
                .isEqualTo(states.content(WHOLE));
        assertThat(Generations.restore(replica, new RestoreTarget.AtTime(states.time(NEWEST))))
                .isEqualTo(states.content(NEWEST));
    }

    /** Without its mark a generation is not Runnel's. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTheMarkOfTheGenerationIsLostTheNextSnapshotBringsItBack(boolean isAllLost) throws Exception {
        memory.delete(isAllLost ? keys() : List.of(ROOT + "1234567890abcdef.runnel2"));
        assertThat(replica.position().highest()).isEqualTo(Txid.NONE);
        assertThat(fillGap(replica).kind()).isEqualTo(GapFill.Kind.BASELINE);
        assertPosition(replica.position(), NEWEST, NEWEST);
        assertThat(Generations.restore(replica, new RestoreTarget.Latest())).isEqualTo(states.content(NEWEST));
    }

    private List<String> keys() throws IOException {
        return Generations.names(memory).stream().map("generations/"::concat).toList();
    }

    @Test
    void whereTheDifferenceIsLostNothingPassesForIt() throws Exception {
        fillGap(replica);
        memory.delete(List.of(wal(NEWEST)));
        GenerationsReplica started = open(memory);
        assertPosition(started.position(), WHOLE, NEWEST - 1);
        assertThat(started.position().proof()).contains(states.proof(WHOLE));
        assertThatExceptionOfType(ReplicaException.Damaged.class)
                .isThrownBy(() -> started.read(started.plan(new RestoreTarget.Latest())))
                .withMessageContaining("TXID 0000000000000009, which is missing");
        assertThat(fillGap(started).kind()).isEqualTo(GapFill.Kind.BASELINE);
        assertThat(Generations.restore(started, new RestoreTarget.Latest())).isEqualTo(states.content(NEWEST));
    }

    @Test
    void overWhatWasShippedOnTopOfLostChangeSetsABaselineIsBuilt() throws Exception {
        replica.append(states.changes(WHOLE + 1));
        memory.delete(List.of(wal(WHOLE)));
        assertThat(fillGap(replica).kind()).isEqualTo(GapFill.Kind.BASELINE);
        assertPosition(replica.position(), NEWEST, NEWEST);
        assertThatExceptionOfType(ReplicaException.NotReachable.class).isThrownBy(() -> replica.plan(at(WHOLE + 1)));
    }

    @Test
    void aThousandTxidsAtMostComeAtOnce() throws Exception {
        database.change();
        database.take(WHOLE + 1000);
        MemoryStore before = copy(memory);
        assertThat(fillGap(replica).kind()).isEqualTo(GapFill.Kind.DIFFERENCE);
        database.change();
        database.take(WHOLE + 1001);
        GenerationsReplica other = open(before);
        assertThat(fillGap(other).kind()).isEqualTo(GapFill.Kind.BASELINE);
        assertThat(Generations.restore(other, new RestoreTarget.Latest())).isEqualTo(states.content(WHOLE + 1001));
    }

    @ParameterizedTest
    @ValueSource(longs = {NEWEST - 1, NEWEST})
    void whatWasOnlyNotListedIsNotTakenForSomebodyElses(long there) throws Exception {
        for (long txid = WHOLE + 1; txid <= there; txid++) {
            replica.append(states.changes(txid));
        }
        FaultyStore store = new FaultyStore(memory);
        store.listings(listed -> listed.stream()
                .filter(object ->
                        !object.key().startsWith(ROOT + "wal/") || object.key().compareTo(wal(WHOLE)) <= 0)
                .toList());
        GenerationsReplica deceived = open(store);
        assertPosition(deceived.position(), WHOLE, WHOLE);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> fillGap(deceived))
                .withMessageContaining("does not list");

        store.heal();
        assertPosition(deceived.position(), NEWEST, NEWEST);
        assertThat(Generations.restore(deceived, new RestoreTarget.Latest())).isEqualTo(states.content(NEWEST));
    }

    private static MemoryStore copy(ObjectStore store) throws IOException {
        MemoryStore copy = new MemoryStore(Clock.system());
        for (String name : Generations.names(store)) {
            Stored.plant(copy, "generations/" + name, Stored.read(store, "generations/" + name));
        }
        return copy;
    }

    @Test
    void aHistoryThatBeganAnewDoesNotExtendTheOldOne() throws Exception {
        try (SqliteHistory anew = new SqliteHistory(folder.resolve("anew.db"), 1024, 99, new Random(7))) {
            for (int i = 0; i < 8; i++) {
                anew.insert();
            }
            anew.take(WHOLE);
            anew.change();
            anew.take(NEWEST);
            states = anew.states();
            assertThat(fillGap(replica).kind()).isEqualTo(GapFill.Kind.BASELINE);
            assertThat(Generations.restore(replica, new RestoreTarget.Latest()))
                    .isEqualTo(anew.states().content(NEWEST));
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void interruptedAnywhereTheNewestStateIsNeverWrong(Moment moment) throws Exception {
        MemoryStore before = copy(memory);
        for (long number = 1; ; number++) {
            memory = copy(before);
            FaultyStore store = new FaultyStore(memory);
            GenerationsReplica interrupted = open(store);
            store.inject(Fault.once(StoreOperation.PUT, moment, number));
            try {
                fillGap(interrupted);
            } catch (StoreException.Unavailable e) {
                checkNewest();
            }
            GenerationsReplica started = open(memory);
            if (started.position().whole().value() < NEWEST) {
                fillGap(started);
            }
            assertPosition(started.position(), NEWEST, NEWEST);
            for (long txid : List.of(1L, WHOLE, NEWEST)) {
                assertThat(Generations.restore(started, at(txid))).isEqualTo(states.content(txid));
            }
            if (!store.hasFailed()) {
                assertThat(number).as("puts").isEqualTo(NEWEST - WHOLE + 1);
                return;
            }
        }
    }

    /** Until all is there, the newest state is out of reach, or it is what it was, or what it is. */
    private void checkNewest() throws IOException {
        GenerationsReplica started = open(memory);
        long whole = started.position().whole().value();
        assertThat(whole).isIn(WHOLE, NEWEST);
        try {
            assertThat(Generations.restore(started, new RestoreTarget.Latest())).isEqualTo(states.content(whole));
        } catch (ReplicaException.NotReachable e) {
            assertThat(e).hasMessageContaining("segments are missing");
        }
        assertThat(Generations.restore(started, at(WHOLE))).isEqualTo(states.content(WHOLE));
    }

    private static String wal(long txid) {
        return ROOT + "wal/%08x_00000000.wal.lz4".formatted(txid - 1);
    }

    private static RestoreTarget at(long txid) {
        return new RestoreTarget.AtTxid(new Txid(txid));
    }

    private static void assertPosition(Position position, long whole, long highest) {
        assertThat(position.whole().value()).as("whole").isEqualTo(whole);
        assertThat(position.highest().value()).as("highest").isEqualTo(highest);
    }
}
