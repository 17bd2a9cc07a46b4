package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.ledger.PageChecksumTable;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.PlanSource;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxPlanSource;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.store.FolderStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.DiskWithFiles;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A change set with every page of a large database goes from capture through ledger, change log and replica to a reader in
 * a process with a heap of 64 MiB and 256 descriptors. {@code -Drunnel.pages=100000000} sets how many pages.
 */
@Tag("slow")
class LargeChangeSetTest {
    private static final Duration LIMIT = Duration.ofHours(2);
    private static final int USUAL_PAGES = 2_500_000;
    private static final PageSize PAGE_SIZE = new PageSize(512);

    @TempDir
    private Path folder;

    @Test
    void i48AChangeSetOfMillionsOfPagesPassesThroughAHeapOf64MebibytesAnd256Descriptors() {
        String pages = String.valueOf(Integer.getInteger("runnel.pages", USUAL_PAGES));
        List<String> command = JavaProgram.withFewDescriptors(JavaProgram.of(LargeChangeSetTest.class.getName())
                .with("-Xmx64m", "-XX:+UseSerialGC")
                .command(folder.toString(), pages));
        try (Child child = Child.start(command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
            assertThat(child.transcript()).contains("read back " + pages + " pages");
        }
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        new Work(Path.of(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    private record Work(Path folder, int pageCount) {
        void run() throws IOException {
            Disk system = Disk.system();
            Disk disk = new DiskWithFiles(
                    system,
                    file -> file.endsWith("numbered") ? new NumberedPages() : system.create(file),
                    system::open);
            try (Ledger ledger = ledger(disk)) {
                LogFile file = changeSet(disk, ledger);
                assertThat(readBack(disk, file)).isEqualTo(ledger.databaseChecksum());
                assertThat(ledger.recomputeDatabaseChecksum()).isEqualTo(ledger.databaseChecksum());
            }
        }

        private Ledger ledger(Disk disk) throws IOException {
            try (LedgerBuilder builder = Ledger.create(disk, folder.resolve("ledger"), PAGE_SIZE, new Txid(1))) {
                for (int page = 1; page <= pageCount; page++) {
                    if (page != PAGE_SIZE.lockPage()) {
                        builder.set(page, Checksums.FLAG | page);
                    }
                }
                return builder.finish(pageCount);
            }
        }

        private LogFile changeSet(Disk disk, Ledger ledger) throws IOException {
            ChangeLog log = ChangeLog.open(disk, folder.resolve("log"), new LogLimits(Long.MAX_VALUE));
            try (OpenChangeSet open = new OpenChangeSet(disk, folder.resolve("numbered"), PAGE_SIZE)) {
                open.restart(pageCount);
                byte[] data = new byte[PAGE_SIZE.bytes()];
                for (int page = 1; page <= pageCount; page++) {
                    if (page != PAGE_SIZE.lockPage()) {
                        ByteBuffer.wrap(data).putInt(page);
                        open.put(page, data, 0);
                    }
                }
                try (ChangedPages changed = ChangedPages.of(open, ledger, PAGE_SIZE, ProgressHook.NOTHING)) {
                    long checksum = ledger.checksumAfter(pageCount, changed);
                    LtxHeader header = LtxHeader.of(
                            PAGE_SIZE,
                            pageCount,
                            TxidRange.of(new Txid(2)),
                            Instant.EPOCH,
                            Optional.of(new Proof(checksum, 1)));
                    FileIdentity database = new FileIdentity(1, 1, 1, 1);
                    LogFile file = log.append(header, changed::readTo, new SourcePosition(Optional.empty(), database));
                    ledger.apply(new Txid(2), pageCount, changed);
                    return file;
                }
            }
        }

        /** The checksum of the database from what a replica gives. */
        private long readBack(Disk disk, LogFile file) throws IOException {
            FolderStore store = new FolderStore(disk, folder.resolve("replica"));
            String key = LtxKeys.folder().key(LtxKeys.CHANGE_SETS, TxidRange.of(new Txid(2)));
            store.put(key, file.ltx(), PutOptions.onlyIfAbsent(Instant.EPOCH));
            RestorePlan plan = new RestorePlan(
                    new Txid(2),
                    RestorePlan.called(new Txid(2)),
                    Instant.EPOCH,
                    List.of(new RestorePlan.PlannedFile(
                            0, key, TxidRange.of(new Txid(2)), file.ltxSize(), Instant.EPOCH)));
            try (PlanSource source = LtxPlanSource.open(store, plan);
                    PageChecksumTable table = new PageChecksumTable(PAGE_SIZE, pageCount)) {
                int pages = 0;
                for (Optional<PlanSource.Run> run = source.next(); run.isPresent(); run = source.next()) {
                    pages += read(run.get(), table);
                }
                int beside = pageCount >= PAGE_SIZE.lockPage() ? 1 : 0;
                System.out.println("read back " + (pages + beside) + " pages");
                try (PageChecksumTable.Copy copy = table.toLedger(disk, folder.resolve("ledger-2"), new Txid(2))) {
                    Optional<Ledger> ledger = copy.step();
                    while (ledger.isEmpty()) {
                        ledger = copy.step();
                    }
                    try (Ledger built = ledger.get()) {
                        return built.databaseChecksum();
                    }
                }
            }
        }

        private static int read(PlanSource.Run run, PageChecksumTable table) throws IOException {
            int[] pages = new int[1];
            run.readTo((page, data, offset) -> {
                requireSame(ByteBuffer.wrap(data).getInt(offset), page);
                table.set(page, Checksums.page(page, data, offset, PAGE_SIZE.bytes()));
                pages[0]++;
            });
            return pages[0];
        }
    }

    /** Asked a hundred million times. */
    private static void requireSame(int found, int expected) {
        if (found != expected) {
            throw new AssertionError("page " + found + " where page " + expected + " should be");
        }
    }

    /** A file that takes no room: it is written in page order, and each page holds its number. */
    private static final class NumberedPages implements DiskFile {
        private int first;
        private long end;

        @Override
        public int read(ByteBuffer into, long position) {
            into.putInt(numberAt(position)).position(into.limit());
            return PAGE_SIZE.bytes();
        }

        @Override
        public void write(ByteBuffer from, long position) {
            int number = from.getInt(from.position());
            first = position == 0 ? number : first;
            requireSame(number, numberAt(position));
            end = Math.max(end, position + from.remaining());
            from.position(from.limit());
        }

        private int numberAt(long position) {
            int number = Math.toIntExact(first + position / PAGE_SIZE.bytes());
            return number < PAGE_SIZE.lockPage() ? number : number + 1;
        }

        @Override
        public void setSize(long size) {
            throw new UnsupportedOperationException("a scratch file is not cut");
        }

        @Override
        public long size() {
            return end;
        }

        @Override
        public void sync() {
            throw new UnsupportedOperationException("a scratch file is not synced");
        }

        @Override
        public void close() {}
    }
}
