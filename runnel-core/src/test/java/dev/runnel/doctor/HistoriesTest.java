package dev.runnel.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.History;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.generations.Generation;
import dev.runnel.replica.generations.GenerationCatalogue;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.TestedHistory;
import dev.runnel.replica.inventory.TestedLayout;
import dev.runnel.replica.ltx.LtxCatalogue;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is found in histories that Runnel wrote, in both layouts, once something is missing, doubled or moved in time. */
final class HistoriesTest {
    private static final OptionalLong OURS = OptionalLong.of(ModelDatabase.LINEAGE);

    private final TestedHistory history = new TestedHistory();

    @ParameterizedTest
    @EnumSource
    void nothingIsWrongWithAHistoryThatRunnelWrote(TestedLayout layout) throws IOException {
        written(layout);
        assertThat(faults(OURS)).isEmpty();
        assertThat(faults(OptionalLong.empty())).isEmpty();
    }

    /** Whichever change sets are missing above the newest snapshot: they and all that follow are lost. */
    @ParameterizedTest
    @EnumSource
    void aHoleAboveTheNewestSnapshotIsNamedWithTheNearestPoints(TestedLayout layout) throws IOException {
        written(layout);
        delete(layout.changeSet(23), layout.changeSet(24), layout.changeSet(28));

        List<Fault> faults = faults(OURS);

        assertThat(faults).extracting(Fault::kind).containsExactly(Kind.HOLE, Kind.HOLE);
        assertThat(faults)
                .extracting(Fault::where)
                .containsExactly("TXIDs 0000000000000017 to 0000000000000018", "TXID 000000000000001c");
        assertThat(faults)
                .allSatisfy(fault -> assertThat(fault.stake()).isEqualTo(Stake.LOST))
                .allSatisfy(fault -> assertThat(fault.text())
                        .contains("before it TXID 0000000000000016 of ", "none after")
                        .contains("nothing after this can be restored"))
                .allSatisfy(fault -> assertThat(fault.removable()).isEmpty());
    }

    /** A snapshot stands for what follows: newer points are restorable. */
    @ParameterizedTest
    @EnumSource
    void aHoleBelowASnapshotLosesItsOwnTxidsOnly(TestedLayout layout) throws IOException {
        written(layout);
        delete(layout.changeSet(14));

        List<Fault> faults = faults(OURS);

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.HOLE);
            assertThat(fault.where()).isEqualTo("TXIDs 000000000000000e to 0000000000000013");
            assertThat(fault.text())
                    .contains("newer points are restorable", "before it TXID 000000000000000d of ")
                    .contains("after it TXID 0000000000000014 of ");
        });
        Replica replica = layout.open(history.memory(), TestedHistory.RETENTION, history.clock());
        assertThat(newest(replica)).isEqualTo(new Txid(TestedHistory.NEWEST));
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsTooShortMakesAHoleAndIsNamed(TestedLayout layout) throws IOException {
        written(layout);
        history.damage(layout.changeSet(TestedHistory.NEWEST), _ -> new byte[3]);

        assertThat(faults(OURS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.HOLE);
            assertThat(fault.where()).isEqualTo("TXID 000000000000001f");
            assertThat(fault.text()).contains(layout.changeSet(TestedHistory.NEWEST) + " (3 bytes)");
        });
    }

    @ParameterizedTest
    @EnumSource
    void changeSetsWithoutTheirSnapshotRestoreNothing(TestedLayout layout) throws IOException {
        written(layout);
        delete(layout.snapshot(1), layout.snapshot(TestedHistory.EARLIER));

        assertThat(faults(OURS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.HOLE);
            assertThat(fault.where()).isEqualTo("TXIDs 0000000000000002 to 0000000000000013");
            assertThat(fault.text()).contains("18 objects", "the snapshot before them is missing");
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnySnapshotAllIsLost(TestedLayout layout) throws IOException {
        written(layout);
        delete(layout.snapshot(1), layout.snapshot(TestedHistory.EARLIER), layout.snapshot(TestedHistory.FLOOR));

        assertThat(faults(OURS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.HOLE);
            assertThat(fault.where()).isEqualTo("TXID 0000000000000001");
            assertThat(fault.text()).contains("none before, none after");
        });
    }

    /** What Litestream leaves behind when it removes snapshots. */
    @Test
    void whoeverElseWroteItMayHaveRemovedTheSnapshot() {
        List<HistoryObject> objects = List.of(object(1, 11, 12, 12), object(1, 13, 14, 14), object(9, 1, 22, 22));
        Histories histories = new Histories(at(60), OptionalLong.empty());
        assertThat(histories.ltx(objects, OptionalLong.empty())).isEmpty();
        assertThat(histories.ltx(objects, OURS)).extracting(Fault::kind).containsExactly(Kind.HOLE);
    }

    /** Retention keeps the newest object of each level below the floor; that is not a hole. */
    @Test
    void remainsOfRemovedHistoryAreNoHole() {
        List<HistoryObject> objects = List.of(
                object(0, 50, 50, 50),
                object(0, 51, 51, 51),
                object(1, 40, 50, 50),
                object(2, 20, 29, 29),
                object(3, 1, 9, 9),
                object(9, 1, 45, 45));
        assertThat(new Histories(at(60), OptionalLong.empty()).ltx(objects, OURS))
                .isEmpty();
    }

    @Test
    void compactedObjectsThatEndWithinAnotherOverlap() {
        List<HistoryObject> objects = List.of(
                object(0, 1, 1, 1), object(1, 2, 5, 5), object(1, 6, 9, 9), object(2, 2, 7, 9), object(9, 1, 1, 1));

        assertThat(overlaps(objects)).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo(objects.get(2).key());
            assertThat(fault.text()).contains(objects.get(3).key());
            assertThat(fault.stake()).isEqualTo(Stake.POINTS);
        });
    }

    @Test
    void objectsOfOneLevelOverlap() {
        List<HistoryObject> crossing = List.of(object(1, 2, 5, 5), object(1, 4, 9, 9), object(9, 1, 1, 1));
        assertThat(overlaps(crossing)).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo(crossing.get(0).key());
            assertThat(fault.text()).contains(crossing.get(1).key(), "neither holds all");
        });
        List<HistoryObject> inside = List.of(object(1, 2, 9, 9), object(1, 4, 6, 6), object(9, 1, 1, 1));
        assertThat(overlaps(inside)).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo(inside.get(1).key());
            assertThat(fault.stake()).isEqualTo(Stake.NOTHING);
        });
    }

    @Test
    void aRegularCompactionIsNoOverlap() {
        List<HistoryObject> objects = List.of(
                object(0, 4, 4, 4),
                object(0, 5, 5, 5),
                object(1, 2, 3, 3),
                object(1, 4, 5, 5),
                object(2, 2, 5, 5),
                object(9, 1, 3, 3));
        assertThat(new Histories(at(60), OptionalLong.empty()).ltx(objects, OURS))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeInTheFutureIsFound(TestedLayout layout) throws IOException {
        written(layout);
        Instant future = history.clock().now().plus(Duration.ofDays(1));
        stamp(layout.changeSet(TestedHistory.NEWEST), future);

        assertThat(faults(OURS)).filteredOn(fault -> fault.kind() == Kind.TIME).anySatisfy(fault -> {
            assertThat(fault.where()).isEqualTo(layout.changeSet(TestedHistory.NEWEST));
            assertThat(fault.text()).contains("stamped " + future, "in the future");
            assertThat(fault.stake()).isEqualTo(Stake.NOTHING);
        });
    }

    /** For some change sets the clock was a day behind. */
    @ParameterizedTest
    @EnumSource
    void aClockStepIsFound(TestedLayout layout) throws IOException {
        written(layout);
        for (long txid = 25; txid <= 27; txid++) {
            stamp(layout.changeSet(txid), time(layout.changeSet(txid)).minus(Duration.ofDays(1)));
        }

        assertThat(faults(OURS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.TIME);
            assertThat(fault.text()).contains("cannot be right, because the clock was set");
        });
    }

    @Test
    void aCopyWithoutItsTimesIsFound() throws IOException {
        written(TestedLayout.LTX);
        String newest = TestedLayout.LTX.changeSet(TestedHistory.NEWEST);
        Instant written = time(newest);
        for (String key : history.keys()) {
            stamp(key, history.clock().now());
        }

        assertThat(faults(OURS)).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.TIME);
            assertThat(fault.where()).isEqualTo(newest);
            assertThat(fault.text()).contains("written at " + written, "copied without its times");
        });
    }

    @ParameterizedTest
    @EnumSource
    void anotherLineageIsForeign(TestedLayout layout) throws IOException {
        written(layout);

        List<Fault> faults = faults(OptionalLong.of(ModelDatabase.LINEAGE + 1));

        if (layout == TestedLayout.LTX) {
            assertThat(faults).singleElement().satisfies(fault -> {
                assertThat(fault.kind()).isEqualTo(Kind.FOREIGN);
                assertThat(fault.stake()).isEqualTo(Stake.POINTS);
                assertThat(fault.where()).isEqualTo(layout.changeSet(TestedHistory.NEWEST));
            });
        } else {
            // No generation is continued yet.
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void generationsBesideTheOneThatIsContinuedAreForeign() throws IOException {
        written(TestedLayout.GENERATIONS);
        String other = "generations/00000000000000aa/snapshots/00000000.snapshot.lz4";
        copy(TestedLayout.GENERATIONS.snapshot(1), other);

        assertThat(faults(OptionalLong.empty()))
                .isEqualTo(faults(OURS))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.kind()).isEqualTo(Kind.FOREIGN);
                    assertThat(fault.where()).isEqualTo("generation 00000000000000aa");
                    assertThat(fault.stake()).isEqualTo(Stake.POINTS);
                });
    }

    @ParameterizedTest
    @EnumSource
    void otherNamesAreForeign(TestedLayout layout) throws IOException {
        written(layout);
        copy(layout.snapshot(1), "ltx/0/README");
        copy(layout.snapshot(1), "notes/a.txt");

        assertThat(names().foreign(history.memory())).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.FOREIGN);
            assertThat(fault.where()).isEqualTo("ltx/0/README, notes/a.txt");
            assertThat(fault.removable()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void namesOfALayoutAreNotForeign(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        replica.record(new Txid(3), Takeover.Kind.ADOPTED, "text");
        copy(layout.snapshot(1), "generations/00000000000000aa/00000000000000aa.runnel");
        assertThat(names().foreign(history.memory())).isEmpty();
    }

    @Test
    void bothLayoutsAtOneLocation() throws IOException {
        Replica ltx = written(TestedLayout.LTX);
        TestedHistory other = new TestedHistory();
        Replica generations = TestedLayout.GENERATIONS.open(other.memory(), TestedHistory.RETENTION, other.clock());
        other.writeTo(generations);
        other.memory().delete(List.of(TestedLayout.GENERATIONS.changeSet(TestedHistory.NEWEST)));

        assertThat(Histories.layouts("here", ltx.extent(), generations.extent()))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.kind()).isEqualTo(Kind.TWO_LAYOUTS);
                    assertThat(fault.text())
                            .contains("up to TXID 000000000000001f", "TXID 000000000000001e")
                            .contains("the one in the ltx layout is the newer");
                    assertThat(fault.stake()).isEqualTo(Stake.POINTS);
                });
        assertThat(Histories.layouts("here", ltx.extent(), Optional.empty())).isEmpty();
    }

    private Replica written(TestedLayout layout) throws IOException {
        Replica replica = layout.open(history.memory(), TestedHistory.RETENTION, history.clock());
        history.writeTo(replica);
        return replica;
    }

    private List<Fault> faults(OptionalLong lineage) throws IOException {
        Histories histories = new Histories(history.clock().now(), lineage);
        List<HistoryObject> files = new LtxCatalogue(history.memory(), LtxKeys.folder()).list();
        Replica ltx = TestedLayout.LTX.open(history.memory(), TestedHistory.RETENTION, history.clock());
        Optional<HistoryExtent> extent = ltx.extent();
        OptionalLong writer = extent.map(HistoryExtent::lineage).orElse(OptionalLong.empty());
        List<Fault> found = new ArrayList<>(histories.ltx(files, writer));
        extent.map(there -> histories.header(files, there)).ifPresent(found::addAll);
        List<Generation> generations = new GenerationCatalogue(history.memory(), GenerationKeys.DEFAULT).list();
        found.addAll(histories.generations(generations));
        return found;
    }

    private static Names names() {
        return new Names(LtxKeys.folder(), GenerationKeys.DEFAULT);
    }

    private static Txid newest(Replica replica) throws IOException {
        List<History.Chain> chains = replica.history().chains();
        return chains.getLast().txids().max();
    }

    private static List<Fault> overlaps(List<HistoryObject> objects) {
        return new Histories(at(60), OptionalLong.empty())
                .ltx(objects, OURS).stream()
                        .filter(fault -> fault.kind() == Kind.OVERLAP)
                        .toList();
    }

    private static HistoryObject object(int level, long min, long max, long second) {
        TxidRange range = new TxidRange(new Txid(min), new Txid(max));
        return new HistoryObject(level, range, 1000, at(second), LtxKeys.folder()::key);
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(1_800_000_000 + second);
    }

    private void delete(String... keys) throws IOException {
        history.memory().delete(List.of(keys));
    }

    private Instant time(String key) throws IOException {
        return history.memory().stat(key).map(ObjectInfo::time).orElseThrow();
    }

    private void stamp(String key, Instant time) throws IOException {
        put(key, content(key), time);
    }

    private void copy(String from, String to) throws IOException {
        put(to, content(from), time(from));
    }

    private byte[] content(String key) throws IOException {
        try (InputStream in = history.memory().open(key, ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }

    private void put(String key, byte[] content, Instant time) throws IOException {
        history.memory().put(key, Bodies.of(content), PutOptions.replace(time));
    }
}
