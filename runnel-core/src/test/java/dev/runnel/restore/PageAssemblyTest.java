package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ModelHistory.Proofs;
import dev.runnel.store.MemoryStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes out of a plan, compared with the pages that went in. */
class PageAssemblyTest {
    private static final long SEED = Long.getLong("runnel.seed", System.nanoTime());

    @ParameterizedTest
    @CsvSource({
        "512, WITH, 60",
        "512, WITHOUT, 60",
        "4096, WITH, 20",
        "4096, WITHOUT, 20",
        "65536, WITH, 6",
        "65536, WITHOUT, 4"
    })
    void i8RandomHistoriesRestoreToEveryTxidAfterGrowthAndShrink(int pageSize, Proofs proofs, int rounds)
            throws IOException {
        System.out.println("runnel.seed=" + SEED);
        Random random = new Random(SEED + pageSize);
        for (int round = 0; round < rounds; round++) {
            MemoryStore store = new MemoryStore(Clock.system());
            ModelHistory history = new ModelHistory(store, new PageSize(pageSize), proofs);
            write(history, random);
            Replica replica = Restores.replica(store);
            for (long txid = 1; txid <= history.newest().value(); txid++) {
                assertThat(Images.read(replica, new RestoreTarget.AtTxid(new Txid(txid)))
                                .bytes())
                        .as("seed %d, round %d, TXID %d", SEED, round, txid)
                        .isEqualTo(history.imageAt(new Txid(txid)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void i8PagesCutOffDoNotComeBackWhenTheDatabaseGrowsAgain(Proofs proofs) throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        ModelHistory history = new ModelHistory(store, new PageSize(512), proofs);
        history.baseline(history.change(5, Map.of(1, page(512, 1), 3, page(512, 3), 4, page(512, 4))));
        history.ship(history.change(2, Map.of(1, page(512, 11))));
        Txid grown = history.changeWithoutFilling(5, Map.of(1, page(512, 12), 5, page(512, 5)));
        history.ship(grown);

        assertThatThrownBy(() -> Images.read(Restores.replica(store), new RestoreTarget.Latest()))
                .isInstanceOf(ReplicaException.Damaged.class)
                .hasMessageContaining("page 3");
    }

    @ParameterizedTest
    @EnumSource
    void aDatabaseWithoutPagesIsAnEmptyFile(Proofs proofs) throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        ModelHistory history = new ModelHistory(store, new PageSize(4096), proofs);
        history.baseline(history.change(3, Map.of()));
        history.ship(history.change(0, Map.of()));

        Images.Image image = Images.read(Restores.replica(store), new RestoreTarget.Latest());

        assertThat(image.bytes()).isEmpty();
        assertThat(image.plan().reached()).isEqualTo(new Txid(2));
    }

    @Test
    void aPlanIsProvenByItsNewestFileWhoeverWroteTheOthers() throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        ModelHistory others = new ModelHistory(store, new PageSize(512), Proofs.WITHOUT);
        ModelHistory ours = new ModelHistory(store, new PageSize(512), Proofs.WITH);
        Map<Integer, byte[]> first = Map.of(2, page(512, 2));
        others.baseline(others.change(4, first));
        ours.change(4, first);
        ours.ship(ours.change(4, Map.of(3, page(512, 3))));

        RestoredImage image =
                new ReadBack(Restores.replica(store)).read(new RestoreTarget.Latest(), new PageChecksumMap());

        assertThat(image.provenBy()).isEqualTo(ProvenBy.DATABASE_CHECKSUM);
        assertThat(new ReadBack(Restores.replica(store))
                        .read(new RestoreTarget.AtTxid(new Txid(1)), new PageChecksumMap())
                        .provenBy())
                .isEqualTo(ProvenBy.FILE_CHECKSUMS);
    }

    @Test
    void filesOfDifferentPageSizesAreNotMixed() throws IOException {
        MemoryStore store = new MemoryStore(Clock.system());
        ModelHistory small = new ModelHistory(store, new PageSize(512), Proofs.WITH);
        ModelHistory large = new ModelHistory(store, new PageSize(1024), Proofs.WITH);
        small.baseline(small.change(4, Map.of()));
        large.change(4, Map.of());
        large.ship(large.change(4, Map.of(1, page(1024, 1))));

        assertThatThrownBy(() -> Images.read(Restores.replica(store), new RestoreTarget.Latest()))
                .isInstanceOf(ReplicaException.Damaged.class)
                .hasMessageContaining("ltx/9/0000000000000001-0000000000000001.ltx: its pages have 512 bytes, those of "
                        + "memory/ltx/0/0000000000000002-0000000000000002.ltx have 1024");
    }

    /** Some transactions; each is shipped, and now and then merged, and the whole becomes a baseline. */
    private static void write(ModelHistory history, Random random) throws IOException {
        int transactions = 2 + random.nextInt(10);
        for (int i = 0; i < transactions; i++) {
            int pageCount = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : Math.max(1, history.pageCount());
            Map<Integer, byte[]> changes = new HashMap<>();
            for (int n = random.nextInt(6); n >= 0; n--) {
                int number = 1 + random.nextInt(pageCount);
                changes.put(number, page(history.pageSize().bytes(), random.nextInt()));
            }
            Txid txid = history.change(pageCount, changes);
            history.ship(txid);
            if (random.nextInt(4) == 0) {
                history.baseline(txid);
            }
            if (random.nextInt(3) == 0) {
                Txid from = new Txid(1 + random.nextLong(txid.value()));
                history.put(1 + random.nextInt(8), new TxidRange(from, txid));
            }
        }
    }

    private static byte[] page(int size, int seed) {
        byte[] page = new byte[size];
        new Random(seed).nextBytes(page);
        return page;
    }
}
