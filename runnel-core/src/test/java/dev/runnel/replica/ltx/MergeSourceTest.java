package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.AgeSource;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.TxidAges;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where a merge takes change sets from: what this process has written it need not fetch, and nothing else is taken for it. */
final class MergeSourceTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int NEWEST = 5;

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final CountingStore store = new CountingStore(new MemoryStore(clock));
    private final CrashDisk disk = new CrashDisk(clock);
    private final ModelDatabase ours = new ModelDatabase(new Random(1));
    private final ModelDatabase another = new ModelDatabase(new Random(2));

    /** The change sets that a machine still has. */
    private record Log(ModelDatabase database, TxidAges ages, Scratch scratch) implements LocalChanges {
        @Override
        public boolean has(TxidRange range) {
            return range.min().value() > 1 && range.max().value() <= database.newest();
        }

        @Override
        public InputStream open(Txid txid) {
            return new ByteArrayInputStream(database.file(txid.value(), txid.value()));
        }

        @Override
        public DiskFile room() throws IOException {
            return scratch.create();
        }
    }

    @BeforeEach
    void commit() {
        for (int i = 0; i < NEWEST; i++) {
            ours.commitAt(clock.now());
            another.commitAt(clock.now());
        }
    }

    @Test
    void i54AFileOfAnotherHistoryIsNotReplacedByALocalChangeSetWithItsTxid() throws Exception {
        for (long txid = 1; txid <= NEWEST; txid++) {
            String key = txid == 1 ? Replicas.key(9, 1, 1) : Replicas.key(0, txid, txid);
            Replicas.plant(store, key, another.file(txid, txid));
        }
        LtxReplica replica = open();
        merge(replica);
        store.delete(List.of(Replicas.key(0, 2, 2), Replicas.key(0, 3, 3), Replicas.key(0, 4, 4)));
        assertThat(Replicas.restore(store, open().plan(new RestoreTarget.Latest(), Set.of())))
                .isEqualTo(another.content(NEWEST));
    }

    @Test
    void whatThisProcessWroteIsNotFetched() throws IOException {
        LtxReplica replica = open();
        replica.position();
        replica.baseline(ours.image(1));
        for (long txid = 2; txid <= NEWEST; txid++) {
            replica.append(ours.changes(txid));
        }
        store.reset();
        merge(replica);
        assertThat(store.count(StoreOperation.OPEN)).isZero();
    }

    private void merge(Replica replica) throws IOException {
        clock.advance(INTERVAL.multipliedBy(2));
        replica.position();
        LocalChanges local = new Log(ours, new TxidAges(clock), Scratch.at(disk, Path.of("/merge")));
        assertThat(replica.maintain(local).failures()).isEmpty();
        assertThat(store.stat(Replicas.key(1, 2, NEWEST))).isPresent();
    }

    private LtxReplica open() {
        Duration day = Duration.ofDays(1);
        return Replicas.open(
                store,
                new LtxPolicy(
                        day,
                        Optional.of(day),
                        Optional.of(day),
                        Duration.ZERO,
                        List.of(INTERVAL),
                        AgeSource.WALL_CLOCK),
                clock);
    }
}
