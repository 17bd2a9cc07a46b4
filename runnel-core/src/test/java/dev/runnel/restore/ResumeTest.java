package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ModelHistory.Proofs;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A restore that does not come to its end, and the one after it. The database has 24 MB, moved in runs of 4 MB. */
@Tag("slow")
class ResumeTest {
    private static final Path OUTPUT = Path.of("/data/app.db");
    private static final int PAGES = 6000;
    private static final int PAGE_SIZE = 4096;
    private static final RestoreOptions ONE_BY_ONE = RestoreOptions.DEFAULT.withParallelism(1);

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final BreakingStore store = new BreakingStore(memory);
    private final ModelHistory history = new ModelHistory(memory, new PageSize(PAGE_SIZE), Proofs.WITH);
    private final CrashDisk disk = new CrashDisk(Clock.system());

    @BeforeEach
    void baselineAndAChange() throws IOException {
        history.baseline(history.change(PAGES, pages(1, PAGES, 1)));
        history.ship(history.change(PAGES, pages(2000, 2100, 2)));
    }

    @Test
    void aRestoreThatLosesItsReplicaLeavesWhatItHasAndTheNextMovesTheRest() throws IOException {
        breakAfter(17_000_000);

        RestoreReport report = restore();

        assertRestored(report, 2);
        long had = report.resumedPages() * PAGE_SIZE;
        assertThat(had).isBetween(12_000_000L, 17_000_000L);
        assertThat(store.bytesRead()).isBetween(25_000_000 - had - 1_000_000, 25_000_000 - had + 1_000_000);
    }

    @Test
    void aRestoreThatIsKilledIsGoneOnWith() throws IOException {
        RestoreProgress killing = (fetched, _) -> {
            if (fetched > 14_000_000) {
                disk.failFrom(1, Fault.POWER_LOSS);
            }
        };
        assertThatThrownBy(() -> restore(ONE_BY_ONE.withProgress(killing))).hasStackTraceContaining("Power lost");
        disk.kill();
        store.reset();

        RestoreReport report = restore();

        assertRestored(report, 2);
        assertThat(report.resumedPages() * PAGE_SIZE).isBetween(11_000_000L, 19_000_000L);
        assertThat(store.bytesRead()).isLessThan(25_000_000 - report.resumedPages() * PAGE_SIZE + 1_000_000);
    }

    @Test
    void whatIsThereIsCheckedAndNotBelieved() throws IOException {
        breakAfter(17_000_000);
        Path temp = leftover();
        try (DiskFile file = disk.open(temp)) {
            for (int page : List.of(1, 77, 500)) {
                file.write(ByteBuffer.wrap(new byte[] {1}), (page - 1L) * PAGE_SIZE + 9);
            }
        }

        RestoreReport report = restore();

        assertRestored(report, 2);
        assertThat(report.resumedPages()).isGreaterThan(2000);
    }

    @Test
    void notesThatFitAndAreWrongLeadToANewBeginning() throws IOException {
        breakAfter(17_000_000);
        Path temp = leftover();
        byte[] other = new byte[PAGE_SIZE];
        new Random(5).nextBytes(other);
        try (DiskFile database = disk.open(temp);
                DiskFile notes = disk.open(temp.resolveSibling(temp.getFileName() + TempDatabase.MOVED))) {
            database.write(ByteBuffer.wrap(other), 99L * PAGE_SIZE);
            long checksum = dev.runnel.ltx.Checksums.page(100, other, 0, PAGE_SIZE);
            notes.write(ByteBuffer.allocate(8).putLong(checksum).flip(), 100L * MovedPages.ENTRY);
        }

        RestoreReport report = restore();

        assertRestored(report, 2);
        assertThat(report.resumedPages()).isZero();
    }

    @Test
    void aNewerStateGoesOnFromAnOlderOne() throws IOException {
        breakAfter(17_000_000);
        history.ship(history.change(PAGES + 500, pages(50, 60, 3)));

        RestoreReport report = restore();

        assertRestored(report, 3);
        assertThat(report.resumedPages()).isGreaterThan(2000);
    }

    @Test
    void aSmallerStateGoesOnFromALargerOne() throws IOException {
        breakAfter(17_000_000);
        history.ship(history.change(2050, Map.of()));

        assertRestored(restore(), 3);
    }

    @Test
    void filesThatWereMergedMeanwhileAreFetchedAndTheOthersAreNot() throws IOException {
        history.ship(history.change(PAGES, pages(10, 400, 3)));
        breakAfter(17_000_000);
        history.put(1, new TxidRange(new Txid(2), new Txid(3)));
        memory.delete(List.of(level0(2), level0(3)));

        RestoreReport report = restore();

        assertRestored(report, 3);
        assertThat(report.resumedPages()).isGreaterThan(2000);
    }

    @Test
    void aFileThatVanishesInTheMiddleCostsOnlyWhatWasNotMovedYet() throws IOException {
        history.put(1, new TxidRange(new Txid(1), new Txid(2)));
        store.vanishAfter(17_000_000, () -> {
            history.baseline(new Txid(2));
            memory.delete(List.of("ltx/9/0000000000000001-0000000000000001.ltx"));
            memory.delete(List.of("ltx/1/0000000000000001-0000000000000002.ltx"));
        });

        RestoreReport report = restore();

        assertRestored(report, 2);
    }

    @Test
    void whatSomebodyWorksOnIsNotTouched() throws IOException {
        breakAfter(17_000_000);
        Path temp = leftover();
        try (DiskFile other = disk.open(temp)) {
            assertThat(other.tryLock()).isTrue();
            RestoreReport report = restore();
            assertThat(report.resumedPages()).isZero();
            assertThat(disk.names())
                    .containsExactlyInAnyOrder(
                            OUTPUT, temp, temp.resolveSibling(temp.getFileName() + TempDatabase.MOVED));
        }
    }

    @Test
    void whatWasKeptForAHumanStays() throws IOException {
        Path kept = OUTPUT.resolveSibling("app.db.0123456789abcdef.tmp");
        disk.put(kept, new byte[] {1, 2, 3});
        assertRestored(restore(), 2, kept);
        assertThat(disk.bytes(kept)).containsExactly(1, 2, 3);
    }

    @Test
    void aReplicaThatFailsBeforeAnythingIsMovedLeavesNothing() {
        store.breakAfter(100_000);
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(this::restore);
        assertThat(disk.names()).isEmpty();
    }

    @Test
    void filesWithoutAProofAreReadFromTheBeginning() throws IOException {
        ModelHistory unproven = new ModelHistory(memory, new PageSize(PAGE_SIZE), Proofs.WITHOUT);
        unproven.baseline(unproven.change(PAGES, pages(1, PAGES, 1)));
        unproven.ship(unproven.change(PAGES, pages(2000, 2100, 2)));
        store.breakAfter(17_000_000);
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(this::restore);
        assertThat(disk.names()).isEmpty();
        store.reset();
        assertRestored(restore(), 2);
    }

    private void breakAfter(long bytes) {
        store.breakAfter(bytes);
        assertThatExceptionOfType(StoreException.Unavailable.class).isThrownBy(this::restore);
        store.reset();
    }

    private Path leftover() {
        return disk.names().stream()
                .filter(name -> name.toString().endsWith(".tmp"))
                .findFirst()
                .orElseThrow();
    }

    private void assertRestored(RestoreReport report, long txid, Path... others) throws IOException {
        assertThat(report.image().provenBy()).isNotNull();
        assertThat(disk.bytes(OUTPUT)).isEqualTo(history.imageAt(new Txid(txid)));
        assertThat(disk.names()).containsOnly(with(others));
    }

    private static Path[] with(Path... others) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(OUTPUT), java.util.stream.Stream.of(others))
                .toArray(Path[]::new);
    }

    private RestoreReport restore() throws IOException {
        return restore(ONE_BY_ONE);
    }

    private RestoreReport restore(RestoreOptions options) throws IOException {
        return Restores.restorer(disk).restore(Restores.replica(store), new RestoreTarget.Latest(), OUTPUT, options);
    }

    private static String level0(int txid) {
        return "ltx/0/%016x-%016x.ltx".formatted(txid, txid);
    }

    /** Pages that cannot be compressed. */
    private static Map<Integer, byte[]> pages(int first, int last, int seed) {
        Map<Integer, byte[]> pages = new HashMap<>();
        for (int number = first; number <= last; number++) {
            byte[] page = new byte[PAGE_SIZE];
            new Random(31L * number + seed).nextBytes(page);
            pages.put(number, page);
        }
        return pages;
    }
}
