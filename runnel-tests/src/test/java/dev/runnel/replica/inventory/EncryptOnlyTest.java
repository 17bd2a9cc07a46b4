package dev.runnel.replica.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.ListedTimes;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.Restorer;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.StoreException;
import dev.runnel.store.UploadJournal;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A machine that can only encrypt knows after a restart what it has stored, and takes nothing else for it. */
final class EncryptOnlyTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration RETENTION = HOUR.multipliedBy(10);
    private static final long NEWEST = 31;

    /** The newest snapshot that is older than the retention, and the one before it. */
    private static final long FLOOR = 20;

    private static final long EARLIER = 10;
    private static final Path JOURNAL = Path.of("/uploads");

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final FaultyStore faulty = new FaultyStore(memory);
    private final CrashDisk disk = new CrashDisk(clock);
    private final Identity identity = Identity.generate(Entropy.system());
    private final ModelDatabase database =
            new ModelDatabase(new Random(5), ModelDatabase.LINEAGE, new PageSize(4096), 90);

    @ParameterizedTest
    @EnumSource
    void i54AfterARestartTheEndOfItsHistoryIsKnownByItsProof(TestedLayout layout) throws IOException {
        Position before = write(layout).position();
        Position after = start(layout).position();
        assertThat(after).isEqualTo(before);
        assertThat(after.proof()).contains(database.proof(NEWEST));
        assertThat(after.isEncrypted()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyStateRestoresWhereThereIsAnIdentity(TestedLayout layout) throws IOException {
        write(layout);
        Replica again = start(layout);
        again.position();
        again.append(database.changes(database.commitAt(clock.now())));
        for (long txid : new long[] {1, EARLIER, FLOOR, NEWEST, NEWEST + 1}) {
            assertRestores(layout, txid);
        }
    }

    @ParameterizedTest
    @EnumSource
    void i54WithoutTheRecordNothingIsTakenForItsOwn(TestedLayout layout) throws IOException {
        write(layout);
        disk.delete(JOURNAL);
        Position position = start(layout).position();
        assertThat(position.isEncrypted()).isTrue();
        assertThat(position.proof()).isEmpty();
        assertThat(position.highest()).isEqualTo(new Txid(NEWEST));
    }

    /** Nothing can be put in the place of what may be whole, so the history has to go on above all of it. */
    @ParameterizedTest
    @EnumSource
    void i54AnObjectInTheMiddleWhoseRecordIsLostIsNotWrittenOver(TestedLayout layout) throws IOException {
        write(layout);
        new UploadJournal(disk, JOURNAL).remove(List.of(layout.changeSet(NEWEST - 1)));
        Replica started = start(layout);
        Position position = started.position();
        assertThat(position.isEncrypted()).isTrue();
        assertThat(position.highest()).isEqualTo(new Txid(NEWEST));
        long next = database.commitAt(clock.now());
        started.baseline(database.image(next));
        for (Replica each : List.of(started, start(layout))) {
            assertThat(each.position().proof()).contains(database.proof(next));
            assertThat(each.position().hasHole()).isFalse();
        }
        assertRestores(layout, NEWEST);
        assertRestores(layout, next);
    }

    @ParameterizedTest
    @EnumSource
    void i23WhatAnotherMachineHasStoredSinceIsNotTakenForItsOwn(TestedLayout layout) throws IOException {
        write(layout);
        Replica other = layout.open(withIdentity(), RETENTION, clock);
        other.position();
        other.append(database.changes(database.commitAt(clock.now())));
        Position position = start(layout).position();
        assertThat(position.isEncrypted()).isTrue();
        assertThat(position.highest()).isEqualTo(new Txid(NEWEST + 1));
    }

    @ParameterizedTest
    @EnumSource
    void i23AKeyThatAnotherMachineHasTakenStopsIt(TestedLayout layout) throws IOException {
        Replica replica = write(layout);
        Replica other = layout.open(withIdentity(), RETENTION, clock);
        other.position();
        long next = database.commitAt(clock.now());
        other.append(database.changes(next));
        Set<String> before = keys();
        assertThatExceptionOfType(ReplicaException.Foreign.class)
                .isThrownBy(() -> replica.append(database.changes(next)));
        assertThat(keys()).isEqualTo(before);
        assertRestores(layout, next);
    }

    @ParameterizedTest
    @EnumSource
    void i15AnUploadWhoseAnswerWasLostIsRecognisedNowAndAfterARestart(TestedLayout layout) throws IOException {
        Replica replica = write(layout);
        long first = database.commitAt(clock.now());
        loseTheAnswer(replica, first);
        Replica started = start(layout);
        assertThat(started.position().proof()).contains(database.proof(first));
        long second = database.commitAt(clock.now());
        loseTheAnswer(started, second);
        started.append(database.changes(second));
        assertThat(started.position().whole()).isEqualTo(new Txid(second));
        assertThat(started.position().proof()).contains(database.proof(second));
        assertRestores(layout, second);
    }

    private void loseTheAnswer(Replica replica, long txid) {
        faulty.inject(FaultyStore.Fault.once(StoreOperation.PUT, FaultyStore.Moment.AFTER, 1));
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> replica.append(database.changes(txid)));
        faulty.heal();
    }

    @ParameterizedTest
    @EnumSource
    void i56WhatIsDamagedOrCutShortIsAHoleAndIsReplaced(TestedLayout layout) throws IOException {
        List<UnaryOperator<byte[]>> damages = List.of(
                content -> Arrays.copyOf(content, content.length / 2),
                content -> new byte[0],
                content -> changed(content, content.length / 2),
                content -> changed(content, content.length - 1));
        write(layout);
        long txid = FLOOR + 2;
        while (memory.stat(layout.changeSet(txid)).orElseThrow().size() > ContentChecks.SMALL) {
            txid++;
        }
        for (UnaryOperator<byte[]> damage : damages) {
            damage(layout.changeSet(txid), damage);
            Replica replica = start(layout);
            assertThat(replica.position().whole()).isEqualTo(new Txid(txid - 1));
            replica.append(database.changes(txid));
            assertThat(replica.position().whole()).isEqualTo(new Txid(NEWEST));
            assertRestores(layout, NEWEST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void i20RetentionRemovesOnlyWhatAnObjectReplacesThatIsAsItWasStored(TestedLayout layout) throws IOException {
        write(layout);
        Set<String> before = keys();
        damage(layout.snapshot(FLOOR), content -> changed(content, content.length / 2));
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("damaged"));
        assertThat(keys()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void retentionGoesOnAfterARestartWithoutAKey(TestedLayout layout) throws IOException {
        write(layout);
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures()).isEmpty();
        assertThat(keys()).doesNotContain(layout.snapshot(EARLIER)).contains(layout.snapshot(FLOOR));
        assertThat(start(layout).position().proof()).contains(database.proof(NEWEST));
        assertRestores(layout, NEWEST);
    }

    @ParameterizedTest
    @EnumSource
    void i55WhatItCannotReadIsNeverRemoved(TestedLayout layout) throws IOException {
        write(layout);
        Set<String> before = keys();
        disk.delete(JOURNAL);
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures()).isEmpty();
        assertThat(keys()).isEqualTo(before);
    }

    /** Both lead to the same state, from different ones. */
    @Test
    void aChangeSetThatIsOnlyNotListedIsNotTakenForADifference() throws Exception {
        TestedLayout layout = TestedLayout.GENERATIONS;
        Replica replica = start(layout);
        replica.position();
        replica.baseline(database.image(database.commitAt(clock.now())));
        for (int i = 0; i < 3; i++) {
            replica.append(database.changes(database.commitAt(clock.now())));
        }
        memory.delete(List.of(layout.changeSet(3)));
        faulty.listings(listed -> listed.stream()
                .filter(object -> !object.key().equals(layout.changeSet(4)))
                .toList());
        Replica started = start(layout);
        assertThat(started.position().whole()).isEqualTo(new Txid(2));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> started.bridge(database::imageSince, Scratch.at(disk, Path.of("/room"))))
                .withMessageContaining("does not list");
        faulty.listings(UnaryOperator.identity());
        started.bridge(database::imageSince, Scratch.at(disk, Path.of("/room")));
        assertThat(started.position().whole()).isEqualTo(new Txid(4));
        assertRestores(layout, 2);
        assertRestores(layout, 4);
    }

    /** Snapshots at TXIDs 1, 10 and 20, and a change set each hour; it is half an hour after the last one. */
    private Replica write(TestedLayout layout) throws IOException {
        Replica replica = start(layout);
        replica.position();
        while (database.newest() < NEWEST) {
            clock.advance(HOUR);
            long txid = database.commitAt(clock.now());
            if (txid == 1) {
                replica.baseline(database.image(txid));
            } else {
                replica.append(database.changes(txid));
                if (txid == EARLIER || txid == FLOOR) {
                    replica.baseline(database.image(txid));
                }
            }
        }
        clock.advance(HOUR.dividedBy(2));
        assertThat(replica.position().whole()).isEqualTo(new Txid(NEWEST));
        return replica;
    }

    /** A replica as a process that has just started sees it, on the machine with the record. */
    private Replica start(TestedLayout layout) {
        RecordingStore recording = new RecordingStore(faulty, new UploadJournal(disk, JOURNAL));
        AgeKeys keys = new AgeKeys(List.of(), List.of(identity.recipient()));
        return layout.open(
                new AgeStore(recording, keys, Entropy.system()),
                Optional.of(RETENTION),
                clock,
                ListedTimes.OWN,
                Optional.of(new OwnUploads(recording)));
    }

    private ObjectStore withIdentity() {
        AgeKeys keys = new AgeKeys(List.of(identity), List.of(identity.recipient()));
        return new AgeStore(memory, keys, Entropy.system());
    }

    private static byte[] changed(byte[] content, int at) {
        byte[] changed = content.clone();
        changed[at] ^= 1;
        return changed;
    }

    private void damage(String key, UnaryOperator<byte[]> damage) throws IOException {
        ObjectInfo there = memory.stat(key).orElseThrow();
        try (InputStream in = memory.open(key, ByteRange.ALL)) {
            memory.put(key, Bodies.of(damage.apply(in.readAllBytes())), PutOptions.replace(there.time()));
        }
    }

    private Set<String> keys() throws IOException {
        try (Stream<ObjectInfo> listing = memory.list("", Optional.empty())) {
            return listing.map(ObjectInfo::key).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private void assertRestores(TestedLayout layout, long txid) throws IOException {
        Restorable history = layout.open(withIdentity(), RETENTION, clock);
        CrashDisk elsewhere = new CrashDisk(clock);
        Path output = Path.of("/restored.db");
        new Restorer(elsewhere, clock, Entropy.system(), Executors::newFixedThreadPool)
                .restore(history, new RestoreTarget.AtTxid(new Txid(txid)), output, RestoreOptions.DEFAULT);
        byte[] expected = database.content(txid);
        ByteBuffer found = ByteBuffer.allocate(expected.length + 1);
        try (DiskFile file = elsewhere.openToRead(output)) {
            assertThat(file.read(found, 0)).isEqualTo(expected.length);
        }
        assertThat(Arrays.copyOf(found.array(), expected.length))
                .as("TXID %d", txid)
                .isEqualTo(expected);
    }
}
