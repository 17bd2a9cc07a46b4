package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases beyond 1 GiB, where the lock page is, and page indexes that do not fit in memory. */
@Tag("slow")
class LargeFileTest {
    private static final int BEYOND = 6;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void i9SnapshotBeyondOneGibibyteHasEveryPageButTheLockPage(int bytes) throws IOException {
        PageSize pageSize = new PageSize(bytes);
        int commit = pageSize.lockPage() + BEYOND;
        Path file = folder.resolve("snapshot.ltx");
        Path scratch = folder.resolve("scratch");
        LtxSummary summary = write(pageSize, commit, file, scratch);
        assertThat(summary.pages()).isEqualTo(commit - 1);
        assertThat(summary.size()).isEqualTo(Files.size(file));
        assertThat(scratch).doesNotExist();

        int[] last = new int[1];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            LtxDecoder decoder = LtxDecoder.open("snapshot", in);
            decoder.readTo((number, data, offset) -> {
                if (number == pageSize.lockPage() || ByteBuffer.wrap(data).getInt(offset) != number) {
                    throw new AssertionError("page " + number);
                }
                last[0] = number;
            });
        }
        assertThat(last[0]).isEqualTo(commit);
        assertIndex(pageSize, commit, file);
    }

    @Test
    void scratchFileTakesTheIndexWithoutChangingIt() throws IOException {
        Path scratch = folder.resolve("scratch");
        Files.write(scratch, new byte[] {1, 2, 3});
        byte[] spilled = new byte[400_000];
        byte[] inMemory = new byte[400_000];
        int size;
        try (IndexBuffer small = new IndexBuffer(Scratch.at(Disk.system(), scratch), 2048);
                IndexBuffer large = new IndexBuffer(Fixtures.noScratch(), 1 << 20)) {
            for (int number = 1; number <= 40_000; number++) {
                small.add(number, number * 100_000L, 1000);
                large.add(number, number * 100_000L, 1000);
            }
            assertThat(scratch).exists();
            assertThat(small.size()).isEqualTo(large.size());
            size = (int) small.size();
            collect(small, spilled);
            collect(large, inMemory);
        }
        assertThat(size).isGreaterThan(300_000);
        assertThat(spilled).isEqualTo(inMemory);
        assertThat(scratch).doesNotExist();
    }

    private static void collect(IndexBuffer index, byte[] into) throws IOException {
        int[] at = new int[1];
        index.writeTo((bytes, offset, length) -> {
            System.arraycopy(bytes, offset, into, at[0], length);
            at[0] += length;
        });
    }

    /** Pages of zeros that start with their number. */
    private static LtxSummary write(PageSize pageSize, int commit, Path file, Path scratch) throws IOException {
        LtxHeader header = LtxHeader.of(
                pageSize, commit, new TxidRange(new Txid(1), new Txid(9)), Instant.EPOCH, Optional.empty());
        byte[] page = new byte[pageSize.bytes()];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                LtxEncoder encoder = new LtxEncoder(out, header, Scratch.at(Disk.system(), scratch))) {
            for (int number = 1; number <= commit; number++) {
                if (number == pageSize.lockPage()) {
                    int lockPage = number;
                    assertThatThrownBy(() -> encoder.page(lockPage, page, 0))
                            .isInstanceOf(IllegalArgumentException.class);
                    continue;
                }
                ByteBuffer.wrap(page).putInt(number);
                encoder.page(number, page, 0);
            }
            return encoder.finish();
        }
    }

    private static void assertIndex(PageSize pageSize, int commit, Path path) throws IOException {
        try (DiskFile file = Disk.system().openToRead(path)) {
            int[] reads = new int[1];
            ByteBuffer header = ByteBuffer.allocate(LtxHeader.SIZE);
            file.read(header, 0);
            PageIndex index = PageIndex.open(
                    "snapshot", LtxHeader.parse("snapshot", header.array()), file.size(), (offset, into) -> {
                        reads[0]++;
                        assertThat(into.remaining()).isLessThanOrEqualTo(1 << 20);
                        file.read(into, offset);
                    });
            int expected = 1;
            for (Optional<PageEntry> entry = index.next(); entry.isPresent(); entry = index.next()) {
                if (entry.get().number() != expected) {
                    throw new AssertionError("page " + expected + ", found " + entry.get());
                }
                expected += expected + 1 == pageSize.lockPage() ? 2 : 1;
            }
            assertThat(expected).isEqualTo(commit + 1);
            assertThat(reads[0]).isLessThan(30);
        }
    }
}
