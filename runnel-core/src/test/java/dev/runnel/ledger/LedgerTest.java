package dev.runnel.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Crc64;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    private static final PageSize PAGE_SIZE = new PageSize(4096);
    private static final long FLAG = 1L << 63;
    private static final long A = FLAG | 0xA1;
    private static final long B = FLAG | 0xB2;
    private static final long C = FLAG | 0xC4;

    @TempDir
    Path meta;

    private Path path = Path.of("");

    @BeforeEach
    void nameLedger() {
        path = meta.resolve("ledger");
    }

    @Test
    void theBytesAreThoseOfTheFormatPage() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            ledger.apply(new Txid(9), 3, entries(2, C, 3, A));
            ledger.checkpoint();
            ledger.apply(new Txid(11), 3, entries());
            ledger.checkpoint();
        }
        byte[] bytes = Files.readAllBytes(path);
        assertThat(HexFormat.of().formatHex(bytes, 0, 48))
                .isEqualTo("524e4c4544474552" + "00000002" + "00001000" + "0000000000000002" + "000000000000000b"
                        + "00000003" + "00000000" + "a3a06d29836b1930");
        assertThat(HexFormat.of().formatHex(bytes, 4096, 4096 + 48))
                .isEqualTo("524e4c4544474552" + "00000002" + "00001000" + "0000000000000001" + "0000000000000009"
                        + "00000003" + "00000000" + "a3a06d29836b1930");
        for (int slot : new int[] {0, 4096}) {
            assertThat(ByteBuffer.wrap(bytes).getLong(slot + 48)).isEqualTo(FLAG | Crc64.update(0, bytes, slot, 48));
        }
        assertThat(HexFormat.of().formatHex(bytes, 8192, 8192 + 48))
                .isEqualTo("80000000000000a1" + "0000000000000007" + "80000000000000c4" + "0000000000000009"
                        + "80000000000000a1" + "0000000000000009");
    }

    @Test
    void aRenewedLedgerCountsAllPagesAsChangedByTheNewestTxidDurably() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            ledger.apply(new Txid(9), 3, entries(2, C, 3, A));
            ledger.checkpoint();
            ledger.renew();
        }
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            assertThat(ledger.txid()).isEqualTo(new Txid(9));
            assertThat(List.of(ledger.checksumOf(1), ledger.checksumOf(2), ledger.checksumOf(3)))
                    .containsExactly(A, C, A);
            assertThat(List.of(ledger.changedAt(1), ledger.changedAt(2), ledger.changedAt(3)))
                    .containsOnly(new Txid(9));
        }
    }

    @Test
    void aNewLedgerDescribesWhatItWasMadeFrom() throws IOException {
        try (Ledger ledger = build(7, A, B, C)) {
            assertThat(ledger.txid()).isEqualTo(new Txid(7));
            assertThat(ledger.durable()).isEqualTo(new Txid(7));
            assertThat(ledger.pageCount()).isEqualTo(3);
            assertThat(ledger.checksumOf(2)).isEqualTo(B);
            assertThat(ledger.changedAt(2)).isEqualTo(new Txid(7));
            assertThat(ledger.databaseChecksum()).isEqualTo(databaseOf(A, B, C));
        }
        assertThat(Disk.system().list(meta)).extracting(FileInfo::name).containsExactly("ledger");
    }

    @Test
    void aLedgerOfNoPagesIsPossible() throws IOException {
        build(0).close();
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            assertThat(ledger.databaseChecksum()).isEqualTo(Checksums.EMPTY);
            assertThat(ledger.txid()).isEqualTo(Txid.NONE);
            ledger.apply(new Txid(1), 1, entries(1, A));
            assertThat(ledger.databaseChecksum()).isEqualTo(databaseOf(A));
        }
    }

    @Test
    void aBuilderThatIsNotFinishedLeavesTheOldLedger() throws IOException {
        build(7, A).close();
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, PAGE_SIZE, new Txid(8))) {
            builder.set(1, B);
        }
        assertThat(Disk.system().list(meta)).extracting(FileInfo::name).containsExactly("ledger");
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            assertThat(ledger.checksumOf(1)).isEqualTo(A);
        }
    }

    @Test
    void aBuilderTakesEveryPageInOrder() throws IOException {
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, PAGE_SIZE, new Txid(8))) {
            builder.set(1, A);
            assertThatThrownBy(() -> builder.set(3, A)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.set(1, A)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.set(2, 5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> builder.finish(2)).isInstanceOf(IllegalArgumentException.class);
            builder.finish(1).close();
        }
    }

    @Test
    void theNextChecksumIsKnownBeforeTheChangeIsTakenIn() throws IOException {
        try (Ledger ledger = build(7, A, B, C)) {
            long before = ledger.databaseChecksum();
            long next = ledger.checksumAfter(2, entries(1, C));
            assertThat(next).isEqualTo(databaseOf(C, B));
            assertThat(ledger.databaseChecksum()).isEqualTo(before);
            assertThat(ledger.recomputeDatabaseChecksum()).isEqualTo(before);
            ledger.apply(new Txid(8), 2, entries(1, C));
            assertThat(ledger.databaseChecksum()).isEqualTo(next);
            assertThat(changedAfter(ledger, 7)).containsExactly(1);
            assertThat(changedAfter(ledger, 8)).isEmpty();
            assertThat(changedAfter(ledger, 6)).containsExactly(1, 2);
        }
    }

    @Test
    void i8AShrunkenDatabaseGivesTheRoomOfItsEntriesBack() throws IOException {
        long[] many = new long[1000];
        Arrays.fill(many, A);
        try (Ledger ledger = build(7, many)) {
            ledger.apply(new Txid(8), 10, entries(3, B));
            ledger.checkpoint();
            assertThat(Files.size(path)).isEqualTo(8192 + 10 * 16);
        }
    }

    @Test
    void i7GrowthThatIsNotWholeIsRefusedAndNamesThePage() throws IOException {
        try (Ledger ledger = build(7, A)) {
            assertThatThrownBy(() -> ledger.checksumAfter(3, entries()))
                    .isInstanceOf(LedgerException.GrowthMissing.class)
                    .hasMessageContaining("new page 2");
            assertThatThrownBy(() -> ledger.checksumAfter(3, entries(2, B))).hasMessageContaining("new page 3");
            assertThatThrownBy(() -> ledger.checksumAfter(3, entries(3, B))).hasMessageContaining("new page 2");
            assertThat(ledger.checksumAfter(3, entries(2, B, 3, C))).isEqualTo(databaseOf(A, B, C));
        }
    }

    @Test
    void entriesThatBreakTheRulesAreRefused() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            for (PageEntries entries :
                    List.of(entries(2, A, 1, A), entries(1, A, 1, A), entries(3, A), entries(0, A), entries(1, 5))) {
                assertThatThrownBy(() -> ledger.checksumAfter(2, entries)).isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(() -> ledger.apply(new Txid(7), 2, entries(1, C)))
                    .as("TXIDs only rise")
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(ledger.recomputeDatabaseChecksum()).isEqualTo(databaseOf(A, B));
        }
    }

    @Test
    void nothingIsBelievedAfterAnUpdateThatFailedHalfWay() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            assertThatThrownBy(() -> ledger.apply(new Txid(8), 4, entries(1, C)))
                    .isInstanceOf(LedgerException.GrowthMissing.class);
            assertThatThrownBy(() -> ledger.checksumOf(1)).isInstanceOf(LedgerException.Interrupted.class);
            assertThatThrownBy(() -> ledger.changedAt(1)).isInstanceOf(LedgerException.Interrupted.class);
            assertThatThrownBy(() -> ledger.checksumAfter(2, entries()))
                    .isInstanceOf(LedgerException.Interrupted.class);
            assertThatThrownBy(() -> ledger.apply(new Txid(8), 2, entries()))
                    .isInstanceOf(LedgerException.Interrupted.class);
            assertThatThrownBy(ledger::checkpoint).isInstanceOf(LedgerException.Interrupted.class);
            assertThatThrownBy(() -> changedAfter(ledger, 0)).isInstanceOf(LedgerException.Interrupted.class);
        }
    }

    @Test
    void whatWasNotCheckpointedIsLostWithoutTheLog() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            ledger.apply(new Txid(8), 2, entries(1, C));
            assertThat(ledger.durable()).isEqualTo(new Txid(7));
        }
        try (Ledger ledger = Ledger.open(Disk.system(), path)) {
            assertThat(ledger.checksumOf(1)).isEqualTo(A);
            assertThat(ledger.durable()).as("not before a checkpoint").isEqualTo(Txid.NONE);
            ledger.checkpoint();
            assertThat(ledger.durable()).isEqualTo(new Txid(7));
        }
    }

    @Test
    void aMissingLedgerIsLost() {
        assertThatThrownBy(() -> Ledger.open(Disk.system(), path)).isInstanceOf(LedgerException.Lost.class);
    }

    @Test
    void aTornHeaderLeavesTheOneBefore() throws IOException {
        try (Ledger ledger = build(7, A, B)) {
            ledger.checkpoint();
            ledger.apply(new Txid(8), 2, entries());
            ledger.checkpoint();
        }
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0; i < 56; i++) {
            byte[] torn = bytes.clone();
            torn[4096 + i] ^= 1;
            Files.write(path, torn);
            try (Ledger ledger = Ledger.open(Disk.system(), path)) {
                assertThat(ledger.txid()).isEqualTo(new Txid(7));
            }
            torn[i] ^= 1;
            Files.write(path, torn);
            assertThatThrownBy(() -> Ledger.open(Disk.system(), path)).isInstanceOf(LedgerException.Lost.class);
        }
    }

    @Test
    void anyEntryThatIsWrongIsNoticed() throws IOException {
        build(7, A, B, C).close();
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 8192; i < 8192 + 48; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) 0x80;
            Files.write(path, damaged);
            assertThatThrownBy(() -> Ledger.open(Disk.system(), path))
                    .as("byte %d", i)
                    .isInstanceOf(LedgerException.Lost.class);
        }
        for (int length : new int[] {0, 10, 56, 4096, 8192, 8193, 8200, 8208, 8216, 8224, 8239}) {
            Files.write(path, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Ledger.open(Disk.system(), path))
                    .as("length %d", length)
                    .isInstanceOf(LedgerException.Lost.class);
        }
    }

    @Test
    void aLedgerThatDoesNotBelongToTheLogIsLost() throws IOException {
        ChangeLog log = ChangeLog.open(Disk.system(), meta.resolve("log"), new LogLimits(1 << 20));
        byte[] page = new byte[4096];
        long pageChecksum = Checksums.page(1, page, 0, 4096);
        long checksum = databaseOf(pageChecksum);
        for (int txid = 5; txid <= 6; txid++) {
            log.append(header(txid, PAGE_SIZE, checksum), sink -> sink.page(1, page, 0), position());
        }
        for (int txid : new int[] {4, 5}) {
            build(txid, A).close();
            try (Ledger ledger = Ledger.recover(Disk.system(), path, log)) {
                assertThat(ledger.txid()).isEqualTo(new Txid(6));
                assertThat(ledger.databaseChecksum()).isEqualTo(checksum);
            }
        }
        build(3, A).close();
        assertThatThrownBy(() -> Ledger.recover(Disk.system(), path, log))
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("starts at 0000000000000005");
        build(7, A).close();
        assertThatThrownBy(() -> Ledger.recover(Disk.system(), path, log))
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("ends at 0000000000000006");
        build(6, A).close();
        assertThatThrownBy(() -> Ledger.recover(Disk.system(), path, log))
                .as("another database")
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("database checksum");
        log.append(header(7, new PageSize(512), checksum), sink -> sink.page(1, page, 0), position());
        build(6, pageChecksum).close();
        assertThatThrownBy(() -> Ledger.recover(Disk.system(), path, log))
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("page size");
    }

    @Test
    void aLogThatCannotBeReadToTheEndLeavesNoLedger() throws IOException {
        ChangeLog log = ChangeLog.open(Disk.system(), meta.resolve("log"), new LogLimits(1 << 20));
        byte[] page = new byte[4096];
        long checksum = databaseOf(Checksums.page(1, page, 0, 4096));
        log.append(header(5, PAGE_SIZE, checksum), sink -> sink.page(1, page, 0), position());
        build(4, A).close();
        Path file = meta.resolve("log").resolve("0000000000000005.change");
        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Ledger.recover(Disk.system(), path, log))
                .isInstanceOf(LedgerException.Lost.class)
                .hasMessageContaining("0000000000000005.change");
    }

    @Test
    void i9RedoGrowsOverTheLockPage() throws IOException {
        PageSize pageSize = new PageSize(65536);
        int lockPage = 16385;
        byte[] page = new byte[65536];
        Arrays.fill(page, (byte) 0x5A);
        long expected = Checksums.EMPTY;
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, pageSize, new Txid(4))) {
            for (int number = 1; number < lockPage - 1; number++) {
                builder.set(number, FLAG | number);
                expected = Checksums.with(expected, number, FLAG | number);
            }
            builder.finish(lockPage - 2).close();
        }
        int[] grown = {lockPage - 1, lockPage + 1, lockPage + 2};
        for (int number : grown) {
            expected = Checksums.with(expected, number, Checksums.page(number, page, 0, page.length));
        }
        ChangeLog log = ChangeLog.open(Disk.system(), meta.resolve("log"), new LogLimits(1 << 20));
        Proof proof = new Proof(expected, 1);
        log.append(
                LtxHeader.of(pageSize, lockPage + 2, TxidRange.of(new Txid(5)), Instant.EPOCH, Optional.of(proof)),
                sink -> {
                    for (int number : grown) {
                        sink.page(number, page, 0);
                    }
                },
                position());
        try (Ledger ledger = Ledger.recover(Disk.system(), path, log)) {
            assertThat(ledger.pageCount()).isEqualTo(lockPage + 2);
            assertThat(ledger.databaseChecksum()).isEqualTo(expected);
            assertThat(ledger.checksumOf(lockPage)).isZero();
            assertThat(changedAfter(ledger, 4)).containsExactly(16384, 16386, 16387);
        }
    }

    private Ledger build(long txid, long... checksums) throws IOException {
        try (LedgerBuilder builder = Ledger.create(Disk.system(), path, PAGE_SIZE, new Txid(txid))) {
            for (int i = 0; i < checksums.length; i++) {
                builder.set(i + 1, checksums[i]);
            }
            return builder.finish(checksums.length);
        }
    }

    /** The checksum of a database of pages with these checksums. */
    private static long databaseOf(long... pageChecksums) {
        long checksum = Checksums.EMPTY;
        for (int i = 0; i < pageChecksums.length; i++) {
            checksum = Checksums.with(checksum, i + 1, pageChecksums[i]);
        }
        return checksum;
    }

    private static List<Integer> changedAfter(Ledger ledger, long txid) throws IOException {
        List<Integer> found = new ArrayList<>();
        ledger.forEachChangedAfter(new Txid(txid), found::add);
        return found;
    }

    /** Pairs of page number and checksum. */
    private static PageEntries entries(long... pairs) {
        return sink -> {
            for (int i = 0; i < pairs.length; i += 2) {
                sink.entry((int) pairs[i], pairs[i + 1]);
            }
        };
    }

    private static LtxHeader header(int txid, PageSize pageSize, long checksum) {
        return LtxHeader.of(
                pageSize, 1, TxidRange.of(new Txid(txid)), Instant.EPOCH, Optional.of(new Proof(checksum, 1)));
    }

    private static SourcePosition position() {
        return new SourcePosition(Optional.empty(), new FileIdentity(1, 2, 3, 4));
    }
}
