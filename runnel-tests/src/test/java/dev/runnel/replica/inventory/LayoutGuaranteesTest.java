package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.ListedTimes;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.Takeover;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The guarantees of a history, whatever its layout: damage is detected and never counts as the way back, nothing is removed
 * whose replacement was not written here or read, and names or times alone decide nothing.
 */
final class LayoutGuaranteesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration RETENTION = HOUR.multipliedBy(10);
    private static final long NEWEST = 31;

    /** The newest snapshot that is older than the retention, and the one before it. */
    private static final long FLOOR = 20;

    private static final long EARLIER = 10;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final CountingStore store = new CountingStore(memory);
    private final ModelDatabase database =
            new ModelDatabase(new Random(5), ModelDatabase.LINEAGE, new PageSize(4096), 90);

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
        assertThat(keys())
                .doesNotContain(
                        layout.snapshot(1), layout.snapshot(EARLIER), layout.changeSet(2), layout.changeSet(FLOOR - 1));
        assertThat(keys()).contains(layout.snapshot(FLOOR), layout.changeSet(FLOOR + 1), layout.changeSet(NEWEST));
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
        assertThat(keys()).doesNotContain(layout.changeSet(adopted + 1), layout.snapshot(1));
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
        Set<String> before = own.keys();
        List<MaintenanceTask.Failure> failures =
                replica.maintain(new NothingLocal()).failures();
        if (failures.toString().contains(MaintenanceTask.REMOVING)) {
            assertThat(failures.toString()).contains(layout.snapshot(FLOOR));
            assertThat(own.keys()).as("%s", damage).isEqualTo(before);
        }
        for (int i = 0; i < 3; i++) {
            own.clock.advance(Duration.ofMinutes(1));
            replica.position();
            replica.maintain(new NothingLocal());
        }
        assertThat(own.keys()).as("%s", damage).contains(layout.snapshot(EARLIER), layout.changeSet(EARLIER + 1));
        assertThat(own.keys()).as("%s", damage).doesNotContain(layout.snapshot(1), layout.changeSet(2));
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
        Set<String> before = keys();
        Replica replica = layout.open(store, Optional.empty(), clock, ListedTimes.OWN);
        clock.advance(HOUR.multipliedBy(10_000));
        replica.position();
        replica.maintain(new NothingLocal());
        assertThat(keys()).isEqualTo(before);
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
        write(replica, layout);
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
        Set<String> before = keys();
        FaultyStore faulty = new FaultyStore(memory);
        Replica replica = layout.open(faulty, RETENTION, clock);
        replica.position();
        faulty.inject(FaultyStore.Fault.always(StoreOperation.OPEN, FaultyStore.Moment.DURING));
        assertThat(replica.maintain(new NothingLocal()).failures()).isNotEmpty();
        assertThat(keys()).isEqualTo(before);
    }

    /** Snapshots at TXIDs 1, 10 and 20, and a change set each hour; it is half an hour after the last one. */
    private Replica write(TestedLayout layout) throws IOException {
        Replica replica = layout.open(store, RETENTION, clock);
        write(replica, layout);
        return replica;
    }

    private void write(Replica replica, TestedLayout layout) throws IOException {
        replica.position();
        while (database.newest() < NEWEST) {
            clock.advance(HOUR);
            long txid = database.commitAt(clock.now());
            if (txid == 1 || replica.position().whole().isNone()) {
                replica.baseline(database.image(txid));
            } else {
                replica.append(database.changes(txid));
                if (txid == EARLIER || txid == FLOOR) {
                    replica.baseline(database.image(txid));
                }
            }
        }
        clock.advance(HOUR.dividedBy(2));
        assertThat(replica.position().whole().value()).as("%s", layout).isEqualTo(NEWEST);
    }

    private void damage(String key, Damage damage) throws IOException {
        ObjectInfo there = memory.stat(key).orElseThrow();
        try (InputStream in = memory.open(key, ByteRange.ALL)) {
            memory.put(key, Bodies.of(damage.inflict(in.readAllBytes())), PutOptions.replace(there.time()));
        }
    }

    private Set<String> keys() throws IOException {
        try (Stream<ObjectInfo> listing = memory.list("", Optional.empty())) {
            return listing.map(ObjectInfo::key).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void assertRestores(TestedLayout layout, RestoreTarget target, long txid) throws IOException {
        Restorable history = layout.open(memory, RETENTION, clock);
        CrashDisk disk = new CrashDisk(clock);
        Path output = Path.of("/restored.db");
        new Restorer(disk, clock, Entropy.system(), Executors::newFixedThreadPool)
                .restore(history, target, output, RestoreOptions.DEFAULT);
        byte[] expected = database.content(txid);
        ByteBuffer found = ByteBuffer.allocate(expected.length + 1);
        try (DiskFile file = disk.openToRead(output)) {
            assertThat(file.read(found, 0)).isEqualTo(expected.length);
        }
        assertThat(Arrays.copyOf(found.array(), expected.length))
                .as("TXID %d", txid)
                .isEqualTo(expected);
    }
}
