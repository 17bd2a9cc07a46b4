package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.testkit.oracle.DatabaseOracle;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlFailure;
import dev.runnel.testkit.sql.SqlSession;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas of thousands of files such as Litestream leaves them, made from one WAL that SQLite wrote, are restored by a
 * process with a heap of 64 MiB and 256 descriptors. {@code -Drunnel.files=N} sets how many files.
 */
@Tag("slow")
class ManyFilesTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int FILES = Integer.getInteger("runnel.files", 6_000);
    private static final int PAGE = 512;
    private static final int WAL_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int FRAME = FRAME_HEADER + PAGE;
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir
    Path folder;

    private Path database = Path.of("");
    private byte[] snapshot = {};
    private byte[] wal = {};

    /** Where each transaction ends in the WAL. */
    private final List<Integer> ends = new ArrayList<>();

    @BeforeEach
    void writeTransactions() throws SqlFailure, IOException {
        database = folder.resolve("app.db");
        try (SqlSession session = JdbcSession.open(database)) {
            session.run(
                    "pragma page_size=" + PAGE,
                    "pragma journal_mode=wal",
                    "pragma synchronous=off",
                    "pragma wal_autocheckpoint=0",
                    "create table t(id integer primary key, v text)",
                    "with recursive n(i) as (select 1 union all select i+1 from n where i<3000)"
                            + " insert into t select i, hex(randomblob(60)) from n",
                    "pragma wal_checkpoint(truncate)");
            snapshot = Files.readAllBytes(database);
            for (int i = 0; i < FILES; i++) {
                session.run("update t set v=hex(randomblob(70)) where id=" + (1 + i * 37L % 3000));
            }
            wal = Files.readAllBytes(folder.resolve("app.db-wal"));
        }
        for (int at = WAL_HEADER; at + FRAME <= wal.length; at += FRAME) {
            if (ByteBuffer.wrap(wal).getInt(at + 4) > 0) {
                ends.add(at + FRAME);
            }
        }
        assertThat(ends).hasSizeGreaterThanOrEqualTo(FILES);
    }

    @Test
    void i48ThousandsOfLtxFilesWithoutProofAreRestoredWithAHeapOf64MebibytesAnd256Descriptors()
            throws SqlFailure, IOException {
        Path replica = folder.resolve("replica");
        Map<Integer, byte[]> all = new TreeMap<>();
        for (int page = 1; page <= snapshot.length / PAGE; page++) {
            all.put(page, Arrays.copyOfRange(snapshot, (page - 1) * PAGE, page * PAGE));
        }
        writeLtx(replica, LtxKeys.BASELINES, 1, all.size(), all);
        int start = WAL_HEADER;
        for (int i = 0; i < ends.size(); i++) {
            Map<Integer, byte[]> changed = new TreeMap<>();
            for (int at = start; at < ends.get(i); at += FRAME) {
                int page = ByteBuffer.wrap(wal).getInt(at);
                changed.put(page, Arrays.copyOfRange(wal, at + FRAME_HEADER, at + FRAME));
            }
            int pageCount = ByteBuffer.wrap(wal).getInt(ends.get(i) - FRAME + 4);
            writeLtx(replica, LtxKeys.CHANGE_SETS, i + 2, pageCount, changed);
            start = ends.get(i);
        }

        DatabaseOracle.assertSameBytes(database, restore(replica));
    }

    @Test
    void i48ThousandsOfWalSegmentsAreRestoredWithAHeapOf64MebibytesAnd256Descriptors() throws SqlFailure, IOException {
        Path replica = folder.resolve("replica");
        Path generation = replica.resolve("generations/00112233aabbccdd");
        writeLz4(generation.resolve("snapshots/00000000.snapshot.lz4"), snapshot, 0, snapshot.length, START);
        int start = 0;
        for (int i = 0; i < ends.size(); i++) {
            Path segment = generation.resolve("wal/00000000_%08x.wal.lz4".formatted(start));
            writeLz4(segment, wal, start, ends.get(i) - start, START.plusSeconds(i + 1));
            start = ends.get(i);
        }

        DatabaseOracle.assertSameBytes(database, restore(replica));
    }

    private static void writeLtx(Path replica, int level, int txid, int pageCount, Map<Integer, byte[]> pages)
            throws IOException {
        TxidRange txids = TxidRange.of(new Txid(txid));
        Instant time = START.plusSeconds(txid);
        Path file = replica.resolve(LtxKeys.folder().key(level, txids));
        Files.createDirectories(file.resolveSibling(""));
        LtxHeader header = LtxHeader.of(new PageSize(PAGE), pageCount, txids, time, Optional.empty());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                LtxEncoder encoder = new LtxEncoder(out, header, () -> {
                    throw new IOException("small files need no scratch");
                })) {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                encoder.page(page.getKey(), page.getValue(), 0);
            }
            encoder.finish();
        }
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private static void writeLz4(Path file, byte[] bytes, int offset, int length, Instant time) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        try (LZ4FrameOutputStream out = new LZ4FrameOutputStream(
                Files.newOutputStream(file),
                BLOCKSIZE.SIZE_64KB,
                FLG.Bits.BLOCK_INDEPENDENCE,
                FLG.Bits.CONTENT_CHECKSUM)) {
            out.write(bytes, offset, length);
        }
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private Path restore(Path replica) {
        Path output = folder.resolve("restored.db");
        List<String> command =
                RunnelCommand.onSmallMachine("restore", "-o", output.toString(), RunnelCommand.url(replica));
        try (Child child = Child.start(command, Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
        }
        return output;
    }
}
