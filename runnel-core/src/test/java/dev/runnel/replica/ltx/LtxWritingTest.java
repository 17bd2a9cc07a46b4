package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Changes;
import dev.runnel.replica.GapFill;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.FolderStore;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A baseline of TXID 1 and change sets 2 to 8 at a replica: what may be written there, and what stops us. */
final class LtxWritingTest {
    private static final int NEWEST = 8;
    private static final Scratch NO_ROOM = () -> {
        throw new IOException("nothing is to be read twice");
    };

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final CountingStore counting = new CountingStore(memory);
    private final FaultyStore store = new FaultyStore(counting);
    private final ModelDatabase database = new ModelDatabase(new Random(42));
    private final LtxReplica replica = Replicas.open(store);

    LtxWritingTest() throws IOException {
        database.commit();
        replica.baseline(database.image(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            replica.append(database.changes(database.commit()));
        }
    }

    @Test
    void whatIsThereWhenItIsLookedAtAgainIsNotBridged() throws Exception {
        long puts = counting.count(StoreOperation.PUT);
        assertThat(replica.fillGap(database::imageSince, NO_ROOM).kind()).isEqualTo(GapFill.Kind.NOTHING);
        replica.append(database.changes(2, NEWEST));
        assertThat(replica.fillGap(database::imageSince, NO_ROOM).kind()).isEqualTo(GapFill.Kind.NOTHING);
        assertThat(counting.count(StoreOperation.PUT)).isEqualTo(puts + 1);
    }

    @Test
    void filesHaveTheNamesContentsAndTimesThatLitestreamExpects() throws IOException {
        assertThat(Replicas.objects(memory))
                .extracting(ObjectInfo::key)
                .containsExactly(
                        "ltx/0/0000000000000002-0000000000000002.ltx",
                        "ltx/0/0000000000000003-0000000000000003.ltx",
                        "ltx/0/0000000000000004-0000000000000004.ltx",
                        "ltx/0/0000000000000005-0000000000000005.ltx",
                        "ltx/0/0000000000000006-0000000000000006.ltx",
                        "ltx/0/0000000000000007-0000000000000007.ltx",
                        "ltx/0/0000000000000008-0000000000000008.ltx",
                        "ltx/9/0000000000000001-0000000000000001.ltx");
        assertThat(memory.stat(level0(5)).orElseThrow().time()).isEqualTo(database.time(5));
        assertThat(Replicas.read(memory, level0(5))).isEqualTo(database.file(5, 5));
    }

    @Test
    void appendIsOnePutAndNothingElse() throws IOException {
        counting.reset();
        replica.append(database.changes(database.commit()));
        assertThat(counting.total()).isEqualTo(1);
        assertThat(counting.count(StoreOperation.PUT)).isEqualTo(1);
    }

    @Test
    void i23ForeignFileOfTheNextTxidStopsUsAndStays() throws IOException {
        ModelDatabase other = new ModelDatabase(new Random(7), 99);
        other.commitAs(NEWEST);
        other.commit();
        for (byte[] foreign : List.of(other.file(9, 9), other.fileWithoutProof(9, 9), foreignOfOurLineage())) {
            Replicas.plant(memory, level0(9), foreign);
            Changes changes = database.newest() == 9 ? database.changes(9) : database.changes(database.commit());
            assertThatExceptionOfType(ReplicaException.Foreign.class)
                    .isThrownBy(() -> replica.append(changes))
                    .withMessageContaining(level0(9));
            assertThat(Replicas.read(memory, level0(9))).isEqualTo(foreign);
        }
    }

    private static byte[] foreignOfOurLineage() {
        ModelDatabase clone = new ModelDatabase(new Random(8));
        clone.commitAs(NEWEST);
        clone.commit();
        return clone.file(9, 9);
    }

    @Test
    void i23OfTwoWritersOnOneFolderOneStopsAndNothingIsOverwritten(@TempDir Path folder) throws Exception {
        int newest = 40;
        List<Callable<Integer>> writers = new ArrayList<>();
        List<ModelDatabase> databases = new ArrayList<>();
        for (long lineage = 1; lineage <= 2; lineage++) {
            ModelDatabase written = new ModelDatabase(new Random(lineage), lineage);
            databases.add(written);
            for (int txid = 1; txid <= newest; txid++) {
                written.commit();
            }
            LtxReplica shared = Replicas.open(new FolderStore(Disk.system(), folder));
            writers.add(() -> shipUntilStopped(shared, written, newest));
        }
        List<Integer> shipped = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Integer> writer : threads.invokeAll(writers)) {
                shipped.add(writer.get());
            }
        }
        int winner = shipped.get(0) == newest ? 0 : 1;
        assertThat(shipped.get(winner)).isEqualTo(newest);
        assertThat(shipped.get(1 - winner)).isZero();
        for (int txid = 1; txid <= newest; txid++) {
            assertThat(folder.resolve(level0(txid)))
                    .hasBinaryContent(databases.get(winner).file(txid, txid));
        }
    }

    private static int shipUntilStopped(LtxReplica shared, ModelDatabase written, int newest) throws IOException {
        for (int txid = 1; txid <= newest; txid++) {
            try {
                shared.append(written.changes(txid));
            } catch (ReplicaException.Foreign e) {
                return txid - 1;
            }
        }
        return newest;
    }

    @Test
    void i23SecondWriterIsSeenByTheLineageOfTheNewestFile() throws IOException {
        ModelDatabase other = new ModelDatabase(new Random(7), 99);
        other.commitAs(NEWEST);
        other.commit();
        Replicas.plant(memory, level0(9), other.file(9, 9));
        assertThat(replica.position().proof().orElseThrow().lineage()).isEqualTo(99);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void i16AppendThatFailsIsRepeatedWithoutHarm(Moment moment) throws IOException {
        Changes changes = database.changes(database.commit());
        store.inject(Fault.once(StoreOperation.PUT, moment, 1));
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(() -> replica.append(changes));
        replica.append(changes);
        replica.append(changes);
        assertPosition(replica.position(), 9, 9, 2);
        assertRestores(9);
    }

    @Test
    void faultOfTheChangeLogIsNoFaultOfTheReplica() throws IOException {
        IOException fault = new IOException("log file is gone");
        Changes changes = database.changes(database.commit());
        Changes failing = new Changes(changes.range(), changes.time(), Bodies.failing(database.file(9, 9), 120, fault));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> replica.append(failing))
                .isSameAs(fault);
        assertPosition(replica.position(), NEWEST, NEWEST, 2);
    }

    @Test
    void fileOfOtherTxidsThanItsNameIsNeverWritten() throws IOException {
        Changes wrong =
                new Changes(ModelDatabase.range(9, 9), database.time(NEWEST), Bodies.of(database.file(NEWEST, NEWEST)));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> replica.append(wrong));
        assertThat(memory.stat(level0(9))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void i16BaselineThatFailsIsRepeatedWithoutHarm(Moment moment) throws IOException {
        long txid = database.newest();
        store.inject(Fault.once(StoreOperation.PUT, moment, 1));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> replica.baseline(database.image(txid)));
        replica.baseline(database.image(txid));
        replica.baseline(database.image(txid));
        assertPosition(replica.position(), NEWEST, NEWEST, NEWEST + 1);
        assertRestores(NEWEST);
    }

    @Test
    void baselineOfAnotherStateOrWriterIsLeftAsItIs() throws IOException {
        ModelDatabase otherState = new ModelDatabase(new Random(7));
        otherState.commitAs(NEWEST);
        ModelDatabase otherWriter = new ModelDatabase(new Random(42), 99);
        for (int txid = 1; txid <= NEWEST; txid++) {
            otherWriter.commit();
        }
        String key = Replicas.key(9, 1, NEWEST);
        for (byte[] foreign : List.of(otherState.file(1, NEWEST), otherWriter.file(1, NEWEST))) {
            Replicas.plant(memory, key, foreign);
            assertThatExceptionOfType(ReplicaException.Foreign.class)
                    .isThrownBy(() -> replica.baseline(database.image(NEWEST)))
                    .withMessageContaining(key);
            assertThat(Replicas.read(memory, key)).isEqualTo(foreign);
        }
    }

    @Test
    void baselineOfTheSameStateByLitestreamIsAsGood() throws IOException {
        Replicas.plant(memory, Replicas.key(9, 1, NEWEST), database.fileWithoutProof(1, NEWEST));
        counting.reset();
        replica.baseline(database.image(NEWEST));
        assertThat(counting.count(StoreOperation.PUT)).isZero();
    }

    @Test
    void damagedBaselineIsReplaced() throws IOException {
        Replicas.plant(memory, Replicas.key(9, 1, NEWEST), Arrays.copyOf(database.file(1, NEWEST), 400));
        replica.baseline(database.image(NEWEST));
        assertThat(Replicas.read(memory, Replicas.key(9, 1, NEWEST))).isEqualTo(database.file(1, NEWEST));
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
