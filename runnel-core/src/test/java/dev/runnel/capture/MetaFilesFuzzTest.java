package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.ledger.LedgerException;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
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
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Change log, ledger and position with bytes that nobody wrote: what is believed is what was written, the rest is a typed
 * error, and a few bytes on the disk never ask for much memory.
 */
final class MetaFilesFuzzTest {
    private static final int ROUNDS = Integer.getInteger("runnel.fuzz.rounds", 600);
    private static final long MOST_MEMORY = 16 << 20;
    private static final PageSize PAGE_SIZE = new PageSize(512);
    private static final LogLimits LIMITS = new LogLimits(1 << 20);
    private static final Txid FIRST = new Txid(4);
    private static final Txid NEWEST = new Txid(8);
    private static final int PAGES = 3;

    @TempDir
    private Path meta;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Long> checksums = new ArrayList<>();
    private final Map<String, byte[]> written = new TreeMap<>();
    private int refused;
    private int believed;

    @BeforeEach
    void write() throws IOException {
        System.out.println("MetaFilesFuzzTest: seed " + seed + " (-Drunnel.seed)");
        ChangeLog log = ChangeLog.open(Disk.system(), logFolder(), LIMITS);
        for (long txid = FIRST.value(); txid <= NEWEST.value(); txid++) {
            append(log, txid);
        }
        try (LedgerBuilder builder = Ledger.create(Disk.system(), ledgerFile(), PAGE_SIZE, FIRST.previous())) {
            builder.finish(0).close();
        }
        try (Ledger ledger = Ledger.recover(Disk.system(), ledgerFile(), log)) {
            ledger.checkpoint();
        }
        position().write(NEWEST, at(NEWEST.value()));
        try (Stream<Path> files = Files.walk(meta)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                written.put(meta.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    @Test
    void i38BytesThatNobodyWroteAreRefusedOrMakeNoDifference() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int round = 0; round < ROUNDS; round++) {
            restore();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate();
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                readAll();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round " + round + " of seed " + seed, e);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes of memory for a few hundred on the disk, round %d of seed %d", round, seed)
                    .isLessThan(MOST_MEMORY);
        }
        assertThat(refused).as("refused").isPositive();
        assertThat(believed).as("believed").isPositive();
    }

    private void readAll() throws IOException {
        Optional<SourcePosition> position = position().read(NEWEST);
        assertThat(position.orElse(at(NEWEST.value()))).isEqualTo(at(NEWEST.value()));
        try {
            ChangeLog log = ChangeLog.open(Disk.system(), logFolder(), LIMITS);
            for (LogFile file : log.after(Txid.NONE, 1000)) {
                read(file);
            }
            try (Ledger ledger = Ledger.recover(Disk.system(), ledgerFile(), log)) {
                assertThat(ledger.databaseChecksum()).isEqualTo(checksum(ledger.txid()));
                believed++;
            }
        } catch (LogException.Damaged | LedgerException.Lost e) {
            assertThat(e.nextStep()).isNotBlank();
            refused++;
        }
    }

    private static void read(LogFile file) throws IOException {
        Map<Integer, byte[]> pages = new TreeMap<>();
        try {
            file.readPages((page, data, offset) -> pages.put(page, Arrays.copyOfRange(data, offset, offset + 512)));
        } catch (LogException.Damaged e) {
            assertThat(e.nextStep()).isNotBlank();
            return;
        }
        assertThat(pages).hasSize(PAGES);
        pages.forEach((page, data) ->
                assertThat(data).isEqualTo(page(page, file.txid().value())));
    }

    private void restore() throws IOException {
        try (Stream<Path> files = Files.walk(meta)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> file : written.entrySet()) {
            Files.write(meta.resolve(file.getKey()), file.getValue());
        }
    }

    private void mutate() throws IOException {
        Map.Entry<String, byte[]> one = any();
        Path file = meta.resolve(one.getKey());
        byte[] bytes = one.getValue().clone();
        switch (random.nextInt(7)) {
            case 0 -> Files.write(file, flipped(bytes, 1));
            case 1 -> Files.write(file, flipped(bytes, 1 + random.nextInt(40)));
            case 2 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 3 -> Files.write(file, Arrays.copyOf(bytes, bytes.length + random.nextInt(9000)));
            case 4 -> Files.deleteIfExists(file);
            case 5 -> Files.write(file, any().getValue());
            default ->
                Files.write(
                        logFolder().resolve("%016x.change".formatted(random.nextLong() >>> random.nextInt(64))), bytes);
        }
    }

    private Map.Entry<String, byte[]> any() {
        return List.copyOf(written.entrySet()).get(random.nextInt(written.size()));
    }

    private byte[] flipped(byte[] bytes, int times) {
        for (int i = 0; i < times; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    private void append(ChangeLog log, long txid) throws IOException {
        long checksum = 1L << 63;
        for (int page = 1; page <= PAGES; page++) {
            checksum = Checksums.with(checksum, page, Checksums.page(page, page(page, txid), 0, 512));
        }
        checksums.add(checksum);
        log.append(
                LtxHeader.of(
                        PAGE_SIZE,
                        PAGES,
                        TxidRange.of(new Txid(txid)),
                        Instant.ofEpochSecond(txid),
                        Optional.of(new Proof(checksum, 77))),
                sink -> {
                    for (int page = 1; page <= PAGES; page++) {
                        sink.page(page, page(page, txid), 0);
                    }
                },
                at(txid));
    }

    private long checksum(Txid txid) {
        return txid.equals(FIRST.previous()) ? 1L << 63 : checksums.get((int) (txid.value() - FIRST.value()));
    }

    private static byte[] page(int number, long txid) {
        byte[] page = new byte[512];
        Arrays.fill(page, (byte) (number * 31L + txid));
        return page;
    }

    private static SourcePosition at(long txid) {
        return new SourcePosition(
                Optional.of(new WalPosition(1, 2, (int) txid, 4, 5)), new FileIdentity(1, 2, PAGES * 512L, txid));
    }

    private Path logFolder() {
        return meta.resolve("log");
    }

    private Path ledgerFile() {
        return meta.resolve("ledger");
    }

    private LastPosition position() {
        return new LastPosition(Disk.system(), meta.resolve("position"));
    }
}
