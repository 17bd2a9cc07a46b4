package dev.runnel.replica.inventory;

import static dev.runnel.replica.inventory.TestedHistory.EARLIER;
import static dev.runnel.replica.inventory.TestedHistory.FLOOR;
import static dev.runnel.replica.inventory.TestedHistory.NEWEST;
import static dev.runnel.replica.inventory.TestedHistory.RETENTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.NothingLocal;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.StoreException;
import dev.runnel.store.UploadJournal;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A machine that can only encrypt knows after a restart what it has stored, and takes nothing else for it. */
@Tag("slow")
final class EncryptOnlyTest {
    private static final Path JOURNAL = Path.of("/uploads");

    private final TestedHistory history = new TestedHistory();
    private final SimulatedClock clock = history.clock();
    private final MemoryStore memory = history.memory();
    private final ModelDatabase database = history.database();
    private final FaultyStore faulty = new FaultyStore(memory);
    private final CrashDisk disk = new CrashDisk(clock);
    private final Identity identity = Identity.generate();

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
        Set<String> before = history.keys();
        assertThatExceptionOfType(ReplicaException.Foreign.class)
                .isThrownBy(() -> replica.append(database.changes(next)));
        assertThat(history.keys()).isEqualTo(before);
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
            history.damage(layout.changeSet(txid), damage);
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
        Set<String> before = history.keys();
        history.damage(layout.snapshot(FLOOR), content -> changed(content, content.length / 2));
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("damaged"));
        assertThat(history.keys()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void retentionGoesOnAfterARestartWithoutAKey(TestedLayout layout) throws IOException {
        write(layout);
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures()).isEmpty();
        assertThat(history.keys()).doesNotContain(layout.snapshot(EARLIER)).contains(layout.snapshot(FLOOR));
        assertThat(start(layout).position().proof()).contains(database.proof(NEWEST));
        assertRestores(layout, NEWEST);
    }

    @ParameterizedTest
    @EnumSource
    void i55WhatItCannotReadIsNeverRemoved(TestedLayout layout) throws IOException {
        write(layout);
        Set<String> before = history.keys();
        disk.delete(JOURNAL);
        Replica started = start(layout);
        started.position();
        assertThat(started.maintain(new NothingLocal()).failures()).isEmpty();
        assertThat(history.keys()).isEqualTo(before);
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
                .isThrownBy(() -> started.fillGap(database::imageSince, Scratch.at(disk, Path.of("/room"))))
                .withMessageContaining("does not list");
        faulty.listings(UnaryOperator.identity());
        started.fillGap(database::imageSince, Scratch.at(disk, Path.of("/room")));
        assertThat(started.position().whole()).isEqualTo(new Txid(4));
        assertRestores(layout, 2);
        assertRestores(layout, 4);
    }

    private Replica write(TestedLayout layout) throws IOException {
        Replica replica = start(layout);
        history.writeTo(replica);
        return replica;
    }

    /** A replica as a process that has just started sees it, on the machine with the record. */
    private Replica start(TestedLayout layout) {
        RecordingStore recording = new RecordingStore(faulty, new UploadJournal(disk, JOURNAL));
        AgeKeys keys = new AgeKeys(List.of(), List.of(identity.recipient()));
        return layout.open(
                new AgeStore(recording, keys),
                Optional.of(RETENTION),
                clock,
                ListedTimes.OWN,
                Optional.of(new OwnUploads(recording)));
    }

    private ObjectStore withIdentity() {
        AgeKeys keys = new AgeKeys(List.of(identity), List.of(identity.recipient()));
        return new AgeStore(memory, keys);
    }

    private static byte[] changed(byte[] content, int at) {
        byte[] changed = content.clone();
        changed[at] ^= 1;
        return changed;
    }

    private void assertRestores(TestedLayout layout, long txid) throws IOException {
        Restorable restored = layout.open(withIdentity(), RETENTION, clock);
        history.assertRestores(restored, new RestoreTarget.AtTxid(new Txid(txid)), txid);
    }
}
