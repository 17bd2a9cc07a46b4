package dev.runnel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.testkit.Rounds;
import dev.runnel.testkit.oracle.DatabaseSum;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories around the lock page, held against two plain arrays. */
@Tag("slow")
final class LedgerModelTest {
    private static final int REACH = 700;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i9AnyHistoryAroundTheLockPageIsDescribedExactly(int pageSize) throws Exception {
        Rounds.run("i9AnyHistoryAroundTheLockPageIsDescribedExactly", 3, seed -> {
            Model model = new Model(new PageSize(pageSize), new Random(seed));
            Path path = folder.resolve("ledger");
            try (Ledger ledger = model.build(path)) {
                model.assertDescribedBy(ledger);
                for (int i = 0; i < 25; i++) {
                    model.change(ledger);
                }
                model.assertDescribedBy(ledger);
                ledger.checkpoint();
            }
            try (Ledger ledger = Ledger.open(Disk.system(), path)) {
                model.assertDescribedBy(ledger);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i8PagesThatWereCutOffAreForgotten(int pageSize) throws IOException {
        Model model = new Model(new PageSize(pageSize), new Random(pageSize));
        try (Ledger ledger = model.build(folder.resolve("ledger"))) {
            int pageCount = model.pageCount;
            model.changeTo(ledger, 3, new TreeMap<>());
            assertThatThrownBy(() -> ledger.checksumOf(4)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ledger.apply(ledger.txid().next(), pageCount, sink -> {}))
                    .isInstanceOf(LedgerException.GrowthMissing.class)
                    .hasMessageContaining("page 4");
        }
    }

    private static final class Model {
        private final PageSize pageSize;
        private final Random random;
        private final long[] checksums;
        private final long[] txids;
        private int pageCount;
        private Txid txid = new Txid(7);

        Model(PageSize pageSize, Random random) {
            this.pageSize = pageSize;
            this.random = random;
            this.checksums = new long[pageSize.lockPage() + REACH];
            this.txids = new long[checksums.length];
        }

        Ledger build(Path path) throws IOException {
            pageCount = pageSize.lockPage() - 2 + random.nextInt(4);
            try (LedgerBuilder builder = Ledger.create(Disk.system(), path, pageSize, txid)) {
                for (int page = 1; page <= pageCount; page++) {
                    if (page != pageSize.lockPage()) {
                        checksums[page] = random.nextLong() | (1L << 63);
                        txids[page] = txid.value();
                        builder.set(page, checksums[page]);
                    }
                }
                return builder.finish(pageCount);
            }
        }

        void change(Ledger ledger) throws IOException {
            int next = switch (random.nextInt(3)) {
                case 0 -> pageSize.lockPage() - 2 + random.nextInt(5);
                case 1 -> pageSize.lockPage() - REACH + random.nextInt(2 * REACH - 1);
                default -> pageCount;
            };
            Map<Integer, Long> change = new TreeMap<>();
            for (int page = pageCount + 1; page <= next; page++) {
                change.put(page, random.nextLong() | (1L << 63));
            }
            for (int i = random.nextInt(20); i > 0; i--) {
                int back = random.nextInt(4) == 0 ? next : Math.min(next, 2 * REACH);
                change.put(next - random.nextInt(back), random.nextLong() | (1L << 63));
            }
            change.remove(pageSize.lockPage());
            changeTo(ledger, next, change);
        }

        void changeTo(Ledger ledger, int next, Map<Integer, Long> change) throws IOException {
            txid = new Txid(txid.value() + 1 + random.nextInt(2));
            change.forEach((page, checksum) -> {
                checksums[page] = checksum;
                txids[page] = txid.value();
            });
            if (next < pageCount) {
                Arrays.fill(checksums, next + 1, pageCount + 1, 0);
                Arrays.fill(txids, next + 1, pageCount + 1, 0);
            }
            pageCount = next;
            PageEntries entries = sink -> {
                for (Map.Entry<Integer, Long> each : change.entrySet()) {
                    sink.entry(each.getKey(), each.getValue());
                }
            };
            assertThat(ledger.checksumAfter(next, entries)).isEqualTo(databaseChecksum());
            ledger.apply(txid, next, entries);
            assertThat(ledger.databaseChecksum()).isEqualTo(databaseChecksum());
        }

        void assertDescribedBy(Ledger ledger) throws IOException {
            assertThat(ledger.txid()).isEqualTo(txid);
            assertThat(ledger.pageCount()).isEqualTo(pageCount);
            assertThat(ledger.pageSize()).isEqualTo(pageSize);
            assertThat(ledger.databaseChecksum()).isEqualTo(databaseChecksum());
            assertThat(ledger.recomputeDatabaseChecksum()).isEqualTo(databaseChecksum());
            List<Integer> changed = new ArrayList<>();
            for (int page = 1; page <= pageCount; page++) {
                if (ledger.checksumOf(page) != checksums[page]
                        || ledger.changedAt(page).value() != txids[page]) {
                    assertThat(ledger.checksumOf(page)).as("page %d", page).isEqualTo(checksums[page]);
                    assertThat(ledger.changedAt(page)).as("page %d", page).isEqualTo(new Txid(txids[page]));
                }
                if (txids[page] > 12) {
                    changed.add(page);
                }
            }
            List<Integer> found = new ArrayList<>();
            int half = pageCount / 2;
            ledger.forEachChangedAfter(new Txid(12), 1, half, found::add);
            ledger.forEachChangedAfter(new Txid(12), half + 1, Integer.MAX_VALUE, found::add);
            assertThat(found).isEqualTo(changed);
        }

        private long databaseChecksum() {
            DatabaseSum sum = new DatabaseSum();
            for (int page = 1; page <= pageCount; page++) {
                if (page != pageSize.lockPage()) {
                    sum.add(page, checksums[page]);
                }
            }
            return sum.value();
        }
    }
}
