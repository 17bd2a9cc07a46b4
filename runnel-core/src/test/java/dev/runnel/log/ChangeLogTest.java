package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChangeLogTest {
    private static final PageSize PAGE_SIZE = new PageSize(512);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LogLimits LIMITS = new LogLimits(1 << 20);

    @TempDir
    Path meta;

    private Path folder = Path.of("");

    @BeforeEach
    void nameFolder() {
        folder = meta.resolve("log");
    }

    @Test
    void anEmptyLogHasNothingAndTakesAnyTxid() throws IOException {
        ChangeLog log = open();
        assertThat(log.newest()).isEmpty();
        assertThat(log.find(new Txid(1))).isEmpty();
        assertThat(log.after(Txid.NONE, 1000)).isEmpty();
        assertThat(log.size()).isZero();
        append(log, 41);
        append(log, 42);
        assertThat(open().after(Txid.NONE, 1000)).extracting(LogFile::txid).containsExactly(new Txid(41), new Txid(42));
    }

    @Test
    void whatWasAppendedIsThereAfterOpeningAgain() throws IOException {
        append(open(), 2);
        LogFile file = open().newest().orElseThrow();
        assertThat(file.txid()).isEqualTo(new Txid(2));
        assertThat(file.time()).isEqualTo(START.plusSeconds(2));
        assertThat(file.pageSize()).isEqualTo(PAGE_SIZE);
        assertThat(file.pageCount()).isEqualTo(3);
        assertThat(file.proof()).isEqualTo(proof());
        assertThat(file.at()).isEqualTo(position(2));
        List<Integer> pages = new ArrayList<>();
        file.readPages((number, data, offset) -> {
            pages.add(number);
            assertThat(Arrays.copyOfRange(data, offset, offset + 512)).isEqualTo(page(number, 2));
        });
        assertThat(pages).containsExactly(1, 3);
    }

    @Test
    void theFileStartsWithTheVeryBytesThatAreShipped() throws IOException {
        LogFile file = append(open(), 2);
        byte[] shipped = shipped(file);
        byte[] stored = Files.readAllBytes(folder.resolve("0000000000000002.change"));
        assertThat(file.ltx().length()).hasValue(shipped.length);
        assertThat(file.ltxSize()).isEqualTo(shipped.length);
        assertThat(stored).hasSize(shipped.length + 88).startsWith(shipped);
        LtxDecoder decoder = LtxDecoder.open("shipped", new ByteArrayInputStream(shipped));
        decoder.readTo((number, data, offset) -> {});
        assertThat(decoder.header().wal())
                .as("what Litestream carries on from")
                .isEqualTo(new LtxHeader.WalSegment(32, 0, 0, 0));
        assertThat(shipped(file)).as("again").isEqualTo(shipped);
    }

    @Test
    void changeSetsAreFoundByTxid() throws IOException {
        ChangeLog log = openWith(5, 9);
        assertThat(log.find(new Txid(7))).get().returns(new Txid(7), LogFile::txid);
        assertThat(log.find(new Txid(4))).isEmpty();
        assertThat(log.find(new Txid(10))).isEmpty();
        assertThat(log.after(new Txid(7), 1000)).extracting(LogFile::txid).containsExactly(new Txid(8), new Txid(9));
        assertThat(log.after(new Txid(9), 1000)).isEmpty();
        assertThat(log.size()).isEqualTo(sizeOnDisk());
    }

    @Test
    void i19TrimRemovesOnlyWhatEveryoneHasAndIsOldEnough() throws IOException {
        ChangeLog log = openWith(1, 9);
        log.trim(new Txid(2), new Txid(9));
        assertThat(oldest(log)).isEqualTo(new Txid(3));
        log.trim(new Txid(9), new Txid(4));
        assertThat(oldest(log)).isEqualTo(new Txid(5));
        log.trim(new Txid(6), new Txid(9));
        assertThat(oldest(log)).isEqualTo(new Txid(7));
        log.trim(new Txid(99), new Txid(99));
        assertThat(oldest(log)).as("the newest stays").isEqualTo(new Txid(9));
        assertThat(log.size()).isEqualTo(sizeOnDisk());
        assertThat(open().after(Txid.NONE, 1000)).hasSize(1);
    }

    @Test
    void aChangeSetThatWasTrimmedSaysSo() throws IOException {
        ChangeLog log = openWith(1, 2);
        LogFile first = log.find(new Txid(1)).orElseThrow();
        log.trim(new Txid(2), new Txid(2));
        assertThatThrownBy(() -> shipped(first))
                .isInstanceOf(LogException.Trimmed.class)
                .hasMessageContaining("0000000000000001");
        assertThatThrownBy(() -> first.readPages((number, data, offset) -> {}))
                .isInstanceOf(LogException.Trimmed.class);
    }

    @Test
    void aFullLogRefusesBeforeItWritesAndGoesOnAfterATrim() throws IOException {
        ChangeLog log = ChangeLog.open(Disk.system(), folder, new LogLimits(1000));
        int next = 1;
        while (log.size() < 1000 || log.size() - log.newest().orElseThrow().size() < 1000) {
            append(log, next++);
        }
        int refused = next;
        long size = log.size();
        assertThatThrownBy(() -> append(log, refused))
                .isInstanceOf(LogException.Full.class)
                .hasMessageContaining("its limit is 1000");
        assertThat(log.size()).isEqualTo(size).isEqualTo(sizeOnDisk());
        log.trim(new Txid(refused), new Txid(refused));
        append(log, refused);
        assertThat(open().newest()).get().returns(new Txid(refused), LogFile::txid);
    }

    @Test
    void oneChangeSetLargerThanTheLimitDoesNotStopTheLog() throws IOException {
        ChangeLog log = ChangeLog.open(Disk.system(), folder, new LogLimits(1));
        append(log, 1);
        append(log, 2);
        assertThatThrownBy(() -> append(log, 3)).isInstanceOf(LogException.Full.class);
        log.trim(new Txid(2), new Txid(2));
        append(log, 3);
    }

    @Test
    void whatUnfinishedAppendsLeftIsRemovedAndForeignFilesAreNot() throws IOException {
        openWith(1, 2);
        Files.writeString(folder.resolve("0000000000000003.change.tmp"), "half");
        Files.writeString(folder.resolve("index.tmp"), "scratch");
        Files.writeString(folder.resolve("README"), "not ours");
        Files.writeString(folder.resolve("000000000000000A.change"), "not ours");
        assertThat(open().after(Txid.NONE, 1000)).hasSize(2);
        assertThat(names())
                .containsExactly(
                        "0000000000000001.change", "0000000000000002.change", "000000000000000A.change", "README");
    }

    @Test
    void aHoleLeavesTheNewestRunAndIsReported() throws IOException {
        openWith(1, 6);
        Files.delete(folder.resolve("0000000000000004.change"));
        ChangeLog log = open();
        assertThat(log.after(Txid.NONE, 1000)).extracting(LogFile::txid).containsExactly(new Txid(5), new Txid(6));
        assertThat(log.dropped()).contains(new ChangeLog.Dropped(3, new Txid(3), "TXID 0000000000000004 is missing"));
        assertThat(names()).containsExactly("0000000000000005.change", "0000000000000006.change");
        assertThat(open().dropped()).isEmpty();
    }

    @Test
    void aDamagedOlderFileIsAHole() throws IOException {
        openWith(1, 6);
        Files.writeString(folder.resolve("0000000000000004.change"), "short");
        ChangeLog log = open();
        assertThat(oldest(log)).isEqualTo(new Txid(5));
        assertThat(log.dropped().orElseThrow().files()).isEqualTo(4);
        assertThat(log.dropped().orElseThrow().reason()).contains("0000000000000004.change", "after 5 bytes");
    }

    @Test
    void i14ANewestFileWithAnyByteWrongOrMissingIsDamaged() throws IOException {
        openWith(1, 2);
        Path newest = folder.resolve("0000000000000002.change");
        byte[] whole = Files.readAllBytes(newest);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x40;
            Files.write(newest, damaged);
            assertThatThrownBy(() -> readStrictly(newest)).as("byte %d", i).isInstanceOf(LogException.Damaged.class);
            Files.write(newest, Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> readStrictly(newest)).as("length %d", i).isInstanceOf(LogException.Damaged.class);
        }
        Files.write(newest, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> readStrictly(newest)).isInstanceOf(LogException.Damaged.class);
        Files.write(newest, whole);
        readStrictly(newest);
    }

    @Test
    void i14ADamagedNewestFileIsAnErrorAndNothingIsRemoved() throws IOException {
        openWith(1, 2);
        Path newest = folder.resolve("0000000000000002.change");
        byte[] whole = Files.readAllBytes(newest);
        byte[] damaged = whole.clone();
        damaged[150] ^= 1;
        Files.write(newest, damaged);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogException.Damaged.class)
                .hasMessageContaining("0000000000000002.change");
        assertThat(names()).hasSize(2);
        Files.write(newest, whole);
        assertThat(open().after(Txid.NONE, 1000)).hasSize(2);
    }

    @Test
    void i4BytesThatChangedOnTheDiskAreNotShippedToTheEnd() throws IOException {
        LogFile file = append(open(), 2);
        byte[] whole = Files.readAllBytes(folder.resolve("0000000000000002.change"));
        for (int i = 0; i < file.ltxSize(); i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(folder.resolve("0000000000000002.change"), damaged);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThatThrownBy(() -> file.ltx().writeTo(out)).isInstanceOf(LogException.Damaged.class);
            assertThat(out.size()).isLessThan((int) file.ltxSize());
        }
    }

    @Test
    void i43ALogWithTheChecksumThatMissedChangesIsNotContinuedAndSaysWhy() throws IOException {
        openWith(1, 2);
        Path newest = folder.resolve("0000000000000002.change");
        byte[] bytes = Files.readAllBytes(newest);
        ByteBuffer.wrap(bytes).putInt(80, 0x524E4C31);
        Files.write(newest, bytes);
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        LogException.Damaged.class,
                        e -> assertThat(e.nextStep()).contains("ships what differs"))
                .hasMessageContaining("another version of Runnel");
    }

    @Test
    void aFileUnderAnotherNameIsDamaged() throws IOException {
        openWith(1, 1);
        Files.move(folder.resolve("0000000000000001.change"), folder.resolve("0000000000000002.change"));
        assertThatThrownBy(this::open).isInstanceOf(LogException.Damaged.class).hasMessageContaining("TXIDs");
    }

    @Test
    void startingOverRemovesEverything() throws IOException {
        openWith(1, 3);
        Files.writeString(folder.resolve("0000000000000003.change"), "damaged");
        ChangeLog log = ChangeLog.startOver(Disk.system(), folder, LIMITS);
        assertThat(log.newest()).isEmpty();
        assertThat(names()).isEmpty();
        append(log, 20);
    }

    @Test
    void i47ATimeBeforeThatOfTheTxidBeforeIsTakenAndKept() throws IOException {
        ChangeLog log = openWith(1, 2);
        append(log, header(3, START.minusSeconds(3600)));
        assertThat(ChangeLog.open(Disk.system(), folder, LIMITS)
                        .newest()
                        .orElseThrow()
                        .time())
                .isEqualTo(START.minusSeconds(3600));
    }

    @Test
    void i25WhatDoesNotFollowIsRefused() throws IOException {
        ChangeLog log = openWith(1, 2);
        for (int wrong : new int[] {1, 2, 4}) {
            assertThatThrownBy(() -> append(log, wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        LtxHeader unproven =
                LtxHeader.of(PAGE_SIZE, 3, TxidRange.of(new Txid(3)), START.plusSeconds(3), Optional.empty());
        assertThatThrownBy(() -> append(log, unproven)).isInstanceOf(IllegalArgumentException.class);
        LtxHeader merged = LtxHeader.of(
                PAGE_SIZE, 3, new TxidRange(new Txid(3), new Txid(4)), START.plusSeconds(3), Optional.of(proof()));
        assertThatThrownBy(() -> append(log, merged)).isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).hasSize(2);
        append(log, 3);
    }

    @Test
    void pagesThatBreakTheRulesLeaveNoTrace() throws IOException {
        ChangeLog log = openWith(1, 2);
        assertThatThrownBy(() ->
                        log.append(header(3, START.plusSeconds(3)), sink -> sink.page(9, page(9, 3), 0), position(3)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).hasSize(2);
        append(log, 3);
    }

    private ChangeLog open() throws IOException {
        return ChangeLog.open(Disk.system(), folder, LIMITS);
    }

    private static void readStrictly(Path path) throws IOException {
        LogFile.read(Disk.system(), path, new Txid(2)).verify();
    }

    private ChangeLog openWith(int first, int last) throws IOException {
        ChangeLog log = open();
        for (int txid = first; txid <= last; txid++) {
            append(log, txid);
        }
        return log;
    }

    private LogFile append(ChangeLog log, int txid) throws IOException {
        return append(log, header(txid, START.plusSeconds(txid)));
    }

    private LogFile append(ChangeLog log, LtxHeader header) throws IOException {
        int txid = (int) header.txids().max().value();
        return log.append(
                header,
                sink -> {
                    sink.page(1, page(1, txid), 0);
                    if (txid == 1) {
                        sink.page(2, page(2, txid), 0);
                    }
                    sink.page(3, page(3, txid), 0);
                },
                position(txid));
    }

    private static LtxHeader header(int txid, Instant time) {
        return LtxHeader.of(PAGE_SIZE, 3, TxidRange.of(new Txid(txid)), time, Optional.of(proof()));
    }

    /** Of the database after TXID 1, which is the only one that is held against its pages. */
    private static Proof proof() {
        long checksum = Checksums.EMPTY;
        for (int page = 1; page <= 3; page++) {
            checksum = Checksums.with(checksum, page, Checksums.page(page, page(page, 1), 0, 512));
        }
        return new Proof(checksum, 77);
    }

    private static byte[] page(int number, int txid) {
        byte[] page = new byte[512];
        Arrays.fill(page, (byte) txid);
        page[number] = (byte) number;
        return page;
    }

    private static SourcePosition position(int txid) {
        return new SourcePosition(
                Optional.of(new WalPosition(1, 2, txid, 4, 5)), new FileIdentity(1, 2, 3 * 512, txid));
    }

    private static byte[] shipped(LogFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.ltx().writeTo(out);
        return out.toByteArray();
    }

    private static Txid oldest(ChangeLog log) throws IOException {
        return log.after(Txid.NONE, 1000).getFirst().txid();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private long sizeOnDisk() throws IOException {
        long size = 0;
        for (String name : names()) {
            // The proofs of change sets outlive them, and do not count against the limit.
            if (name.equals("proofs")) {
                continue;
            }
            size += Files.size(folder.resolve(name));
        }
        return size;
    }
}
