package dev.runnel.replica.inventory;

import static dev.runnel.replica.inventory.TestedHistory.EARLIER;
import static dev.runnel.replica.inventory.TestedHistory.FLOOR;
import static dev.runnel.replica.inventory.TestedHistory.HOUR;
import static dev.runnel.replica.inventory.TestedHistory.NEWEST;
import static dev.runnel.replica.inventory.TestedHistory.RETENTION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guarantees of a history, whatever its layout: damage is detected and never counts as the way back, nothing is removed
 * whose replacement was not written here or read, and names or times alone decide nothing.
 */
@Tag("slow")
final class LayoutGuaranteesTest {
    private final TestedHistory history = new TestedHistory();
    private final SimulatedClock clock = history.clock();
    private final MemoryStore memory = history.memory();
    private final ModelDatabase database = history.database();
    private final CountingStore store = new CountingStore(memory);

    /** How an object is damaged. */
    enum Damage {
        CUT_SHORT,
        EMPTY,
        FIRST_BYTES,
        MIDDLE,
        LAST_BYTE;

        byte[] inflict(byte[] content) {
            byte[] damaged = content.clone();
            switch (this) {
                case CUT_SHORT -> damaged = Arrays.copyOf(content, content.length / 2);
                case EMPTY -> damaged = new byte[0];
                case FIRST_BYTES -> Arrays.fill(damaged, 0, 40, (byte) 'x');
                case MIDDLE -> damaged[content.length / 2] ^= 1;
                case LAST_BYTE -> damaged[content.length - 1] ^= 1;
            }
            return damaged;
        }
    }

    @ParameterizedTest
    @EnumSource
    void i56AChangeSetThatIsCutShortIsAHoleForAProcessThatRunsAndForOneThatStarts(TestedLayout layout)
            throws IOException {
        Replica replica = write(layout);
        damage(layout.changeSet(25), Damage.CUT_SHORT);
        for (Replica each : List.of(replica, layout.open(store, RETENTION, clock))) {
            Position position = each.position();
            assertThat(position.whole().value()).isEqualTo(24);
            assertThat(position.highest().value()).isEqualTo(NEWEST);
            assertThat(each.position().whole().value()).as("once more").isEqualTo(24);
        }
    }

    @ParameterizedTest
    @MethodSource
    void i56AChangeSetThatIsDamagedIsAHoleForAProcessThatStartsAndIsReplaced(TestedLayout layout, Damage damage)
            throws IOException {
        write(layout);
        long txid = FLOOR + 2;
        while (memory.stat(layout.changeSet(txid)).orElseThrow().size() > ContentChecks.SMALL) {
            txid++;
        }
        assertThat(txid).isLessThan(NEWEST);
        damage(layout.changeSet(txid), damage);
        Replica replica = layout.open(store, RETENTION, clock);
        assertThat(replica.position().whole().value()).isEqualTo(txid - 1);
        replica.append(database.changes(txid));
        assertThat(replica.position().whole().value()).isEqualTo(NEWEST);
        assertRestores(layout, new RestoreTarget.AtTxid(new Txid(txid + 1)), txid + 1);
    }

    static Stream<Arguments> i56AChangeSetThatIsDamagedIsAHoleForAProcessThatStartsAndIsReplaced() {
        return Stream.of(TestedLayout.values())
                .flatMap(layout -> Stream.of(Damage.values()).map(damage -> Arguments.of(layout, damage)));
    }

    @ParameterizedTest
    @EnumSource
    void i17WhatWasCutShortBeforeTheNewestSnapshotIsReportedOnce(TestedLayout layout) throws IOException {
        Replica replica = write(layout);
        damage(layout.changeSet(15), Damage.CUT_SHORT);
        assertThat(replica.position().whole().value()).isEqualTo(NEWEST);
        assertThat(replica.maintain(new NothingLocal()).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains(layout.changeSet(15)));
        replica.position();
        replica.maintain(new NothingLocal());
    }

    @ParameterizedTest
    @EnumSource
    void i56WhatIsOlderThanTheRetentionGoesAndTheRestRestores(TestedLayout layout) throws IOException {
        write(layout);
        Replica replica = layout.open(store, RETENTION, clock);
        replica.position();
        replica.maintain(new NothingLocal());
        assertThat(history.keys())
                .doesNotContain(
                        layout.snapshot(1), layout.snapshot(EARLIER), layout.changeSet(2), layout.changeSet(FLOOR - 1));
        assertThat(history.keys())
                .contains(layout.snapshot(FLOOR), layout.changeSet(FLOOR + 1), layout.changeSet(NEWEST));
        for (long txid = FLOOR; txid <= NEWEST; txid++) {
            assertRestores(layout, new RestoreTarget.AtTxid(new Txid(txid)), txid);
        }
    }

    @ParameterizedTest
    @EnumSource
    void i54WhatIsRecordedAfterAListingIsKeptByTheRemovalThatFollows(TestedLayout layout) throws IOException {
        write(layout);
        Replica replica = layout.open(store, RETENTION, clock);
        replica.position();
        long adopted = EARLIER + 5;
        replica.record(new Txid(adopted), Takeover.Kind.ADOPTED, "another database");
        replica.maintain(new NothingLocal());
        assertRestores(layout, new RestoreTarget.AtTxid(new Txid(adopted)), adopted);
        replica.position();
        replica.maintain(new NothingLocal());
        assertRestores(layout, new RestoreTarget.AtTxid(new Txid(adopted)), adopted);
        assertThat(history.keys()).doesNotContain(layout.changeSet(adopted + 1), layout.snapshot(1));
    }

    @ParameterizedTest
    @EnumSource
    void i56ASnapshotThatIsDamagedTakesTheWayBackFromNothing(TestedLayout layout) throws IOException {
        for (Damage damage : Damage.values()) {
            damagedFloorKeepsTheWayBack(layout, damage);
        }
    }

    private static void damagedFloorKeepsTheWayBack(TestedLayout layout, Damage damage) throws IOException {
        LayoutGuaranteesTest own = new LayoutGuaranteesTest();
        Replica writing = own.write(layout);
        assertThat(own.memory.stat(layout.snapshot(FLOOR)).orElseThrow().size())
                .as("more than is read whole at the start")
                .isGreaterThan(ContentChecks.SMALL);
        own.damage(layout.snapshot(FLOOR), damage);
        boolean isListed = damage == Damage.CUT_SHORT || damage == Damage.EMPTY;
        Replica replica = isListed ? writing : layout.open(own.store, RETENTION, own.clock);
        replica.position();
        Set<String> before = own.history.keys();
        List<MaintenanceTask.Failure> failures =
                replica.maintain(new NothingLocal()).failures();
        if (failures.toString().contains(MaintenanceTask.REMOVING)) {
            assertThat(failures.toString()).contains(layout.snapshot(FLOOR));
            assertThat(own.history.keys()).as("%s", damage).isEqualTo(before);
        }
        for (int i = 0; i < 3; i++) {
            own.clock.advance(Duration.ofMinutes(1));
            replica.position();
            replica.maintain(new NothingLocal());
        }
        assertThat(own.history.keys())
                .as("%s", damage)
                .contains(layout.snapshot(EARLIER), layout.changeSet(EARLIER + 1));
        assertThat(own.history.keys()).as("%s", damage).doesNotContain(layout.snapshot(1), layout.changeSet(2));
        for (long txid = EARLIER; txid <= NEWEST; txid++) {
            own.assertRestores(layout, new RestoreTarget.AtTxid(new Txid(txid)), txid);
        }
    }

    @ParameterizedTest
    @EnumSource
    void i56NothingIsReadWhereNothingIsToBeRemoved(TestedLayout layout) throws IOException {
        write(layout);
        Replica replica = layout.open(store, HOUR.multipliedBy(100), clock);
        replica.position();
        store.reset();
        replica.maintain(new NothingLocal());
        replica.position();
        replica.maintain(new NothingLocal());
        assertThat(store.total()).isEqualTo(store.count(StoreOperation.LIST));
    }

    @ParameterizedTest
    @EnumSource
    void i56WhatTakesThePlaceOfOthersIsReadOnceAndNotAtAllWhereThisProcessWroteIt(TestedLayout layout)
            throws IOException {
        Replica writing = write(layout);
        Replica starting = layout.open(store, RETENTION, clock);
        starting.position();
        store.reset();
        starting.maintain(new NothingLocal());
        assertThat(store.count(StoreOperation.OPEN)).isOne();
        assertThat(store.count(StoreOperation.DELETE)).isPositive();

        writing.position();
        clock.advance(HOUR);
        store.reset();
        starting.position();
        starting.maintain(new NothingLocal());
        writing.maintain(new NothingLocal());
        assertThat(store.count(StoreOperation.OPEN)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void i58WhatIsKeptWithoutALimitIsNeverRemoved(TestedLayout layout) throws IOException {
        write(layout);
        Set<String> before = history.keys();
        Replica replica = layout.open(store, Optional.empty(), clock, ListedTimes.OWN);
        clock.advance(HOUR.multipliedBy(10_000));
        replica.position();
        replica.maintain(new NothingLocal());
        assertThat(history.keys()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void i44AbsurdNamesDecideNothing(TestedLayout layout) throws IOException {
        Replica writing = write(layout);
        for (byte[] content : List.of(new byte[0], new byte[1], new byte[500])) {
            for (String name : layout.absurdNames()) {
                memory.put(name, Bodies.of(content), PutOptions.replace(clock.now()));
            }
            for (Replica replica : List.of(writing, layout.open(store, HOUR.multipliedBy(100), clock))) {
                Position position = replica.position();
                assertThat(position.whole().value()).isEqualTo(database.newest());
                assertThat(position.highest().value()).isEqualTo(database.newest());
                replica.append(database.changes(database.commitAt(clock.now())));
                replica.maintain(new NothingLocal());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void i25ATimeIsThatOfTheChangeWhenTheListingShowsThoseOfUploads(TestedLayout layout) throws IOException {
        Replica replica = layout.open(store, Optional.of(RETENTION), clock, ListedTimes.OF_UPLOADS);
        history.writeTo(replica);
        UploadTimes uploads = new UploadTimes(memory, ModelDatabase.ORIGIN.plus(Duration.ofDays(9)));
        Replica restoring = layout.open(uploads, Optional.of(RETENTION), clock, ListedTimes.OF_UPLOADS);
        for (long txid = 2; txid < NEWEST; txid += 7) {
            Instant between = database.time(txid).plus(HOUR.dividedBy(2));
            RestorePlan plan = restoring.plan(new RestoreTarget.AtTime(between));
            assertThat(plan.reached().value()).isEqualTo(txid);
            assertThat(plan.time()).isEqualTo(database.time(txid));
        }
        assertThat(restoring.plan(new RestoreTarget.Latest()).time()).isEqualTo(database.time(NEWEST));
    }

    @ParameterizedTest
    @EnumSource
    void i22ASnapshotAloneRestoresWithAProof(TestedLayout layout) throws IOException {
        Replica replica = layout.open(store, RETENTION, clock);
        replica.position();
        replica.baseline(database.image(database.commitAt(clock.now())));
        assertProven(layout, 1);
        write(layout);
        memory.delete(List.of(layout.changeSet(FLOOR + 1)));
        assertProven(layout, FLOOR);
    }

    private void assertProven(TestedLayout layout, long txid) throws IOException {
        Replica replica = layout.open(memory, RETENTION, clock);
        RestorePlan plan = replica.plan(new RestoreTarget.AtTxid(new Txid(txid)));
        assertThat(plan.files()).as("a snapshot alone").hasSize(1);
        try (PlanSource source = replica.read(plan)) {
            assertThat(source.databaseChecksum()).hasValue(database.proof(txid).databaseChecksum());
        }
    }

    @ParameterizedTest
    @EnumSource
    void i20AStoreThatCannotBeReadRemovesNothing(TestedLayout layout) throws IOException {
        write(layout);
        Set<String> before = history.keys();
        FaultyStore faulty = new FaultyStore(memory);
        Replica replica = layout.open(faulty, RETENTION, clock);
        replica.position();
        faulty.inject(FaultyStore.Fault.always(StoreOperation.OPEN, FaultyStore.Moment.DURING));
        assertThat(replica.maintain(new NothingLocal()).failures()).isNotEmpty();
        assertThat(history.keys()).isEqualTo(before);
    }

    private Replica write(TestedLayout layout) throws IOException {
        Replica replica = layout.open(store, RETENTION, clock);
        history.writeTo(replica);
        return replica;
    }

    private void damage(String key, Damage damage) throws IOException {
        history.damage(key, damage::inflict);
    }

    private void assertRestores(TestedLayout layout, RestoreTarget target, long txid) throws IOException {
        history.assertRestores(layout.open(memory, RETENTION, clock), target, txid);
    }
}
