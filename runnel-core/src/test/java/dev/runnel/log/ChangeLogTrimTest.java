package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is trimmed at random moments, by a clock that jumps, for replicas and a ledger that lag behind at random. */
final class ChangeLogTrimTest {
    private static final int STEPS = Integer.getInteger("runnel.rounds", 300);
    private static final LogLimits LIMITS = new LogLimits(1 << 30);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Instant clock = Instant.parse("2026-01-01T00:00:00Z");
    private Instant stamp = clock;
    private long newest;
    private long shipped;
    private long durable;

    @Test
    void i19WhatAReplicaOrTheLedgerStillNeedsIsNeverTrimmedWhateverTheClockSays() throws IOException {
        System.out.println("ChangeLogTrimTest: seed " + seed + " (-Drunnel.seed)");
        ChangeLog log = ChangeLog.open(Disk.system(), folder, LIMITS);
        long trimmed = 0;
        for (int step = 0; step < STEPS; step++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                append(log);
            }
            shipped += random.nextLong(newest - shipped + 1);
            durable += random.nextLong(newest - durable + 1);
            // Now and then a clock that is a day fast, or is put back.
            clock = clock.plusSeconds(
                    random.nextInt(10) == 0 ? random.nextInt(200_000) - 100_000 : random.nextInt(120));
            log.trim(new Txid(shipped), new Txid(durable));
            trimmed = checkAndGiveTrimmed(log, trimmed);
            if (random.nextInt(20) == 0) {
                log = ChangeLog.open(Disk.system(), folder, LIMITS);
                assertThat(checkAndGiveTrimmed(log, trimmed)).isEqualTo(trimmed);
            }
        }
        assertThat(trimmed).as("trimmed").isPositive();
    }

    private long checkAndGiveTrimmed(ChangeLog log, long before) throws IOException {
        List<Long> left = log.after(Txid.NONE, 1000).stream()
                .map(file -> file.txid().value())
                .toList();
        if (newest == 0) {
            assertThat(left).isEmpty();
            return 0;
        }
        long trimmed = left.getFirst() - 1;
        assertThat(left)
                .as("an unbroken run to the newest, seed %d", seed)
                .isEqualTo(LongStream.rangeClosed(trimmed + 1, newest).boxed().toList());
        assertThat(trimmed)
                .as("the newest that was trimmed, seed %d", seed)
                .isGreaterThanOrEqualTo(before)
                .isLessThanOrEqualTo(Math.max(before, Math.min(shipped, durable)))
                .isLessThan(newest);
        return trimmed;
    }

    private void append(ChangeLog log) throws IOException {
        newest++;
        stamp = clock.isAfter(stamp) ? clock : stamp;
        byte[] page = new byte[512];
        Proof proof = new Proof(Checksums.with(Checksums.EMPTY, 1, Checksums.page(1, page, 0, page.length)), 1);
        LtxHeader header =
                LtxHeader.of(new PageSize(512), 1, TxidRange.of(new Txid(newest)), stamp, Optional.of(proof));
        log.append(
                header,
                sink -> sink.page(1, page, 0),
                new SourcePosition(Optional.empty(), new FileIdentity(1, 2, 3, 4)));
    }
}
