package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Position;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.FaultyStore;
import dev.runnel.testkit.store.FaultyStore.Fault;
import dev.runnel.testkit.store.FaultyStore.Moment;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A baseline of TXID 1 and change sets 2 to 8 at a replica: what is lost there, noticed, and healed. */
final class LtxPositionTest {
    private static final int NEWEST = 8;

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final CountingStore counting = new CountingStore(memory);
    private final FaultyStore store = new FaultyStore(counting);
    private final ModelDatabase database = new ModelDatabase(new Random(42));
    private final LtxReplica replica = Replicas.open(store);

    LtxPositionTest() throws IOException {
        database.commit();
        replica.baseline(database.image(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            replica.append(database.changes(database.commit()));
        }
    }

    @Test
    void emptyReplicaHasNoPositionAndNeedsABaseline() throws IOException {
        Position position = Replicas.open(new MemoryStore(Clock.system())).position();
        assertThat(position).isEqualTo(new Position(Txid.NONE, Txid.NONE, new Txid(1), Optional.empty()));
    }

    @Test
    void positionOfAWholeHistoryIsItsNewestTxidWithItsProof() throws IOException {
        for (LtxReplica same : List.of(replica, Replicas.open(store))) {
            assertPosition(same.position(), NEWEST, NEWEST, 2);
            assertThat(same.position().proof()).contains(database.proof(NEWEST));
        }
        assertRestores(NEWEST);
    }

    @Test
    void positionOfWhatWeWroteReadsNothing() throws IOException {
        counting.reset();
        replica.position();
        assertThat(counting.count(StoreOperation.OPEN)).isZero();
        assertThat(counting.count(StoreOperation.STAT)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, NEWEST})
    void i18LostFileIsTheEndOfWhatIsWhole(int lost) throws IOException {
        memory.delete(List.of(level0(lost)));
        int highest = lost == NEWEST ? NEWEST - 1 : NEWEST;
        assertPosition(replica.position(), lost - 1, highest, 2);
        assertPosition(Replicas.open(store).position(), lost - 1, highest, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 100, 130, 131, 132, -24, -1})
    void i17FileThatWasCutShortIsAHoleForAReplicaThatRunsAndForOneThatStarts(int size) throws IOException {
        int left = size > 0 ? size : database.file(5, 5).length + size;
        Replicas.cut(memory, level0(5), size == 0 ? 0 : left);
        assertPosition(replica.position(), 4, NEWEST, 2);
        assertPosition(Replicas.open(store).position(), 4, NEWEST, 2);
    }

    @Test
    void lostBaselineLeavesNothing() throws IOException {
        memory.delete(List.of(Replicas.key(9, 1, 1)));
        assertPosition(replica.position(), 0, NEWEST, 1);
    }

    @Test
    void newestFileOfEqualSizeIsReadWholeAtTheStart() throws IOException {
        byte[] damaged = database.file(NEWEST, NEWEST);
        damaged[damaged.length / 2] ^= 1;
        Replicas.plant(memory, level0(NEWEST), damaged);
        assertPosition(Replicas.open(store).position(), NEWEST - 1, NEWEST, 2);
        assertThat(Replicas.open(store).position().proof()).contains(database.proof(NEWEST - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, NEWEST})
    void i18FileThatWasStoredAgainInTheSameSizeIsReadAgain(int txid) throws IOException {
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
        byte[] damaged = database.file(txid, txid);
        damaged[damaged.length / 2] ^= 1;
        Replicas.plant(memory, level0(txid), damaged);
        assertPosition(replica.position(), txid - 1, NEWEST, 2);

        memory.put(level0(txid), Bodies.of(database.file(txid, txid)), PutOptions.replace(database.time(txid)));
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
    }

    @Test
    void i44FileUnderAnotherNameIsNoPartOfHistory() throws IOException {
        Replicas.plant(memory, level0(NEWEST + 1), database.file(NEWEST, NEWEST));
        assertPosition(Replicas.open(store).position(), NEWEST, NEWEST, 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, NEWEST})
    void i17LostFileIsHealedByTheSameChanges(int lost) throws IOException {
        memory.delete(List.of(level0(lost)));
        replica.position();
        replica.append(database.changes(lost));
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
        assertRestores(NEWEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 50, 131, -1})
    void i17FileThatWasCutShortIsReplacedByTheSameChanges(int size) throws IOException {
        int left = size < 0 ? database.file(5, 5).length + size : size;
        for (LtxReplica healing : List.of(replica, Replicas.open(store))) {
            Replicas.cut(memory, level0(5), left);
            healing.position();
            healing.append(database.changes(5));
            assertPosition(healing.position(), NEWEST, NEWEST, 2);
            assertRestores(NEWEST);
        }
    }

    @Test
    void holeIsHealedByADifferenceThatStartsAfterTheBaseline() throws IOException {
        memory.delete(List.of(level0(5), level0(6)));
        Position position = replica.position();
        assertPosition(position, 4, NEWEST, 2);

        long next = database.commit();
        replica.append(database.changes(position.differenceFrom().value(), next));

        assertPosition(replica.position(), next, next, next + 1);
        assertThat(memory.stat(Replicas.key(1, 2, next))).isPresent();
        assertRestores(next);
    }

    @Test
    void differencesFollowEachOtherOnLevelOne() throws IOException {
        memory.delete(List.of(level0(5)));
        long first = database.commit();
        replica.append(database.changes(2, first));
        long last = first;
        for (int i = 0; i < 5; i++) {
            last = database.commit();
            replica.append(database.changes(last));
        }
        memory.delete(List.of(level0(first + 2)));
        assertPosition(replica.position(), first + 1, last, first + 1);

        long next = database.commit();
        replica.append(database.changes(first + 1, next));

        assertPosition(replica.position(), next, next, next + 1);
        assertThat(Replicas.objects(memory))
                .extracting(ObjectInfo::key)
                .contains(Replicas.key(1, 2, first), Replicas.key(1, first + 1, next));
        assertRestores(next);
    }

    @Test
    void differenceReachesOverFilesOfLevelOneThatLieBeyondAHole() throws IOException {
        database.commit();
        replica.append(database.changes(2, 9));
        database.commit();
        database.commit();
        replica.append(database.changes(10, 11));
        memory.delete(List.of(Replicas.key(1, 2, 9), level0(6)));
        assertPosition(replica.position(), 5, 11, 2);

        long next = database.commit();
        replica.append(database.changes(2, next));

        assertPosition(replica.position(), next, next, next + 1);
        assertRestores(next);
    }

    @Test
    void holeThatOnlyABaselineCanBridgeIsBridgedByOne() throws IOException {
        memory.delete(Replicas.objects(memory).stream().map(ObjectInfo::key).toList());
        assertPosition(replica.position(), 0, 0, 1);

        long next = database.commit();
        replica.baseline(database.image(next));
        replica.append(database.changes(database.commit()));

        assertPosition(replica.position(), next + 1, next + 1, next + 1);
        assertRestores(next + 1);
    }

    @Test
    void i21StrayNamesShuffledAndDoubledListingsChangeNothing() throws IOException {
        for (String stray : List.of(
                "ltx/0/0000000000000009-0000000000000009.ltx~",
                "ltx/0/000000000000000A-000000000000000A.ltx",
                "ltx/0/0000000000000009.ltx",
                "ltx/0/0000000000000009-0000000000000009.ltx.old",
                "ltx/0/sub/0000000000000009-0000000000000009.ltx",
                "ltx/0/0000000000000009-0000000000000003.ltx",
                "ltx/0/0000000000000000-0000000000000009.ltx",
                "ltx/0/8000000000000000-8000000000000001.ltx",
                "ltx/10/0000000000000009-0000000000000009.ltx",
                "ltx/00/0000000000000009-0000000000000009.ltx",
                "0000/0000000000000009-0000000000000009.ltx",
                "generations/0123456789abcdef/snapshots/00000000.snapshot.lz4",
                "README")) {
            Replicas.plant(memory, stray, database.file(NEWEST, NEWEST));
        }
        store.listings(found -> {
            List<ObjectInfo> mixed = new ArrayList<>(found);
            mixed.addAll(found);
            Collections.shuffle(mixed, new Random(1));
            return mixed;
        });
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
        assertPosition(Replicas.open(store).position(), NEWEST, NEWEST, 2);
    }

    @Test
    void i21ListingThatMissesAnObjectIsMadeGoodByTheSameChanges() throws IOException {
        store.listings(found ->
                found.stream().filter(object -> !object.key().equals(level0(5))).toList());
        assertPosition(replica.position(), 4, NEWEST, 2);
        replica.append(database.changes(5));
        store.heal();
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
        assertRestores(NEWEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"BEFORE", "DURING"})
    void listingThatBreaksOffGivesNoPosition(Moment moment) {
        store.inject(Fault.once(StoreOperation.LIST, moment, 1));
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(replica::position);
    }

    @Test
    void storeThatCannotBeReadGivesNoPositionInsteadOfAHole() {
        store.inject(Fault.always(StoreOperation.OPEN, Moment.DURING));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> Replicas.open(store).position());
    }

    private void assertRestores(long txid) throws IOException {
        LtxReplica restoring = Replicas.open(memory);
        byte[] restored = Replicas.restore(memory, restoring.plan(new RestoreTarget.Latest()));
        assertThat(restored).isEqualTo(database.content(txid));
    }

    private static void assertPosition(Position position, long whole, long highest, long differenceFrom) {
        assertThat(position.whole().value()).as("whole").isEqualTo(whole);
        assertThat(position.highest().value()).as("highest").isEqualTo(highest);
        assertThat(position.differenceFrom().value()).as("differenceFrom").isEqualTo(differenceFrom);
    }

    private static String level0(long txid) {
        return Replicas.key(0, txid, txid);
    }
}
