package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.TxidAges;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.RecordingStore;
import dev.runnel.store.UploadJournal;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Compaction on a machine that can only encrypt: from the change log, also after a restart, and otherwise not at all. */
final class EncryptOnlyMergeTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration DAY = Duration.ofDays(1);

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final MemoryStore memory = new MemoryStore(clock);
    private final CrashDisk disk = new CrashDisk(clock);
    private final Identity identity = Identity.generate();
    private final ModelDatabase database = new ModelDatabase(new Random(3));

    /** The change sets from a TXID on. */
    private record Log(ModelDatabase database, long from, TxidAges ages, CrashDisk disk) implements LocalChanges {
        @Override
        public boolean has(TxidRange range) {
            return range.min().value() >= from && range.max().value() <= database.newest();
        }

        @Override
        public InputStream open(Txid txid) {
            return new ByteArrayInputStream(database.file(txid.value(), txid.value()));
        }

        @Override
        public DiskFile room() throws IOException {
            Path path = Path.of("/merge");
            disk.delete(path);
            return disk.create(path);
        }
    }

    @Test
    void whatWasStoredBeforeARestartIsMergedFromTheChangeLog() throws IOException {
        write(start(), 5);
        LtxReplica started = start();
        maintain(started, 2);
        assertThat(memory.stat(Replicas.key(1, 2, 5))).isPresent();
        memory.delete(List.of(Replicas.key(0, 3, 3), Replicas.key(0, 4, 4)));
        assertRestoresTheNewestState();
    }

    @Test
    void whatTheLogLacksStaysAsItIsAndTheLevelGoesOnAboveTheNextSnapshot() throws IOException {
        write(start(), 5);
        LtxReplica started = start();
        write(started, 8);
        maintain(started, 5);
        maintain(started, 5);
        assertThat(memory.stat(Replicas.key(1, 2, 8))).isEmpty();
        assertThat(memory.stat(Replicas.key(1, 5, 8))).isEmpty();
        started.baseline(database.image(8));
        write(started, 10);
        maintain(started, 5);
        assertThat(memory.stat(Replicas.key(1, 5, 10))).isPresent();
        assertRestoresTheNewestState();
    }

    @Test
    void whatTheLogHasIsMergedUpToWhatItLacks() throws IOException {
        LtxReplica first = start();
        write(first, 4);
        maintain(first, 2);
        assertThat(memory.stat(Replicas.key(1, 2, 4))).isPresent();
        write(first, 6);
        disk.delete(Path.of("/uploads"));
        // What is not recorded is not merged, though the log has these TXIDs.
        LtxReplica started = start();
        started.position();
        maintain(started, 2);
        assertThat(memory.stat(Replicas.key(1, 5, 6))).isEmpty();
    }

    @Test
    void i54ALogOfAnotherHistoryIsNotTakenForWhatWasStored() throws IOException {
        write(start(), 5);
        ModelDatabase another = new ModelDatabase(new Random(4));
        for (int i = 0; i < 5; i++) {
            another.commitAt(clock.now());
        }
        LtxReplica started = start();
        started.position();
        LocalChanges local = new Log(another, 2, new TxidAges(clock), disk);
        started.maintain(local);
        clock.advance(INTERVAL.multipliedBy(2));
        assertThat(started.maintain(local).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("another state"));
        started.baseline(database.image(5));
        clock.advance(INTERVAL);
        assertThat(started.maintain(local).failures())
                .as("a snapshot stands for them")
                .isEmpty();
        assertThat(memory.stat(Replicas.key(1, 2, 5))).isEmpty();
    }

    @Test
    void i57AFileThatWasDamagedSinceIsToldAndTheOthersAreMerged() throws IOException {
        write(start(), 4);
        LtxReplica first = start();
        first.position();
        first.baseline(database.image(4));
        write(first, 6);
        cutShort(Replicas.key(0, 3, 3));
        LtxReplica started = start();
        started.position();
        LocalChanges local = new Log(database, 2, new TxidAges(clock), disk);
        started.maintain(local);
        clock.advance(INTERVAL.multipliedBy(2));
        assertThat(started.maintain(local).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("damaged"));
        clock.advance(INTERVAL.multipliedBy(2));
        assertThat(started.maintain(local).failures()).isEmpty();
        assertThat(memory.stat(Replicas.key(1, 4, 6))).isPresent();
        assertRestoresTheNewestState();
    }

    private void cutShort(String key) throws IOException {
        try (InputStream in = memory.open(key, ByteRange.ALL)) {
            byte[] content = in.readAllBytes();
            memory.put(key, Bodies.of(Arrays.copyOf(content, content.length - 1)), PutOptions.replace(clock.now()));
        }
    }

    /** A snapshot of TXID 1, and change sets up to another. */
    private void write(LtxReplica replica, long newest) throws IOException {
        replica.position();
        while (database.newest() < newest) {
            long txid = database.commitAt(clock.now());
            if (txid == 1) {
                replica.baseline(database.image(1));
            } else {
                replica.append(database.changes(txid));
            }
        }
    }

    private void maintain(LtxReplica replica, long from) throws IOException {
        replica.position();
        LocalChanges local = new Log(database, from, new TxidAges(clock), disk);
        replica.maintain(local);
        clock.advance(INTERVAL.multipliedBy(2));
        assertThat(replica.maintain(local).failures()).isEmpty();
    }

    private LtxReplica start() {
        RecordingStore recording = new RecordingStore(memory, new UploadJournal(disk, Path.of("/uploads")));
        AgeKeys keys = new AgeKeys(List.of(), List.of(identity.recipient()));
        BaselineEncoding encoding = new BaselineEncoding(ForkJoinPool.commonPool(), 2, () -> {
            throw new IOException("a small file needs no scratch");
        });
        return new LtxReplica(
                new AgeStore(recording, keys),
                Replicas.KEYS,
                encoding,
                new LtxPolicy(
                        DAY,
                        Optional.of(DAY),
                        Optional.of(DAY),
                        Duration.ZERO,
                        List.of(INTERVAL),
                        AgeSource.WALL_CLOCK),
                clock,
                Optional.of(new OwnUploads(recording)));
    }

    private void assertRestoresTheNewestState() throws IOException {
        AgeKeys keys = new AgeKeys(List.of(identity), List.of(identity.recipient()));
        AgeStore store = new AgeStore(memory, keys);
        assertThat(Replicas.restore(store, Replicas.open(store).plan(new RestoreTarget.Latest(), Set.of())))
                .isEqualTo(database.content(database.newest()));
    }
}
