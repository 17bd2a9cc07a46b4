package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.oracle.DatabaseSum;
import dev.runnel.testkit.oracle.LtxContent;
import dev.runnel.testkit.oracle.LtxOracle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LtxEncoderTest {
    private static ExecutorService executor;

    @BeforeAll
    static void startThreads() {
        executor = Executors.newFixedThreadPool(3);
    }

    @AfterAll
    static void stopThreads() {
        executor.close();
    }

    @ParameterizedTest
    @CsvSource({"512, 40", "1024, 40", "2048, 40", "4096, 20", "8192, 20", "16384, 10", "32768, 10", "65536, 5"})
    void whatIsWrittenIsReadAgainByReaderAndOracle(int pageSize, int count) throws IOException {
        Random random = Fixtures.random("LtxEncoderTest");
        Map<Integer, byte[]> all = Fixtures.pages(random, pageSize, count, 1);
        assertRoundTrip(Fixtures.header(pageSize, count, 1, 9, all), all);
        Map<Integer, byte[]> some = Fixtures.pages(random, pageSize, count, 3);
        assertRoundTrip(Fixtures.header(pageSize, count + 100, 9, 9, some), some);
    }

    @Test
    void fileWithoutPagesIsPossible() throws IOException {
        LtxHeader header = Fixtures.header(512, 3, 7, 7, Map.of());
        byte[] file = assertRoundTrip(header, Map.of());
        assertThat(file).hasSize(131);
        assertRoundTrip(Fixtures.header(512, 0, 1, 1, Map.of()), Map.of());
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void parallelEncoderWritesTheSameBytes(int pageSize) throws IOException {
        Random random = Fixtures.random("LtxEncoderTest");
        int count = 3 * (512 * 1024 / pageSize) + random.nextInt(512 * 1024 / pageSize);
        Map<Integer, byte[]> pages = Fixtures.pages(random, pageSize, count, 1);
        LtxHeader header = Fixtures.header(pageSize, count, 1, 9, pages);
        byte[] serial = Fixtures.encode(header, pages);
        for (int batches = 1; batches <= 8; batches *= 2) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (LtxWriter writer = new ParallelLtxEncoder(out, header, Fixtures.noScratch(), executor, batches)) {
                for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                    byte[] data = page.getValue().clone();
                    writer.page(page.getKey(), data, 0);
                    // The encoder may not keep the caller's array.
                    data[0] ^= 1;
                }
                assertThat(writer.finish().size()).isEqualTo(serial.length);
            }
            assertThat(out.toByteArray()).isEqualTo(serial);
        }
    }

    /** So many at a time that the heap is full if each takes 4 MiB. */
    @Test
    void i48AFileOfTwoPagesTakesLittleMemory() throws IOException {
        LtxHeader header = Fixtures.header(4096, 2, 1, 9, Map.of());
        List<LtxWriter> open = new ArrayList<>();
        for (long bytes = 0; bytes < Runtime.getRuntime().maxMemory(); bytes += 4 << 20) {
            open.add(
                    new ParallelLtxEncoder(OutputStream.nullOutputStream(), header, Fixtures.noScratch(), executor, 4));
        }
        for (LtxWriter writer : open) {
            writer.page(1, new byte[4096], 0);
            writer.close();
        }
    }

    @Test
    void closingAParallelEncoderLeavesTheFileUnfinished() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(1), 65536, 30, 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParallelLtxEncoder writer =
                new ParallelLtxEncoder(out, Fixtures.header(65536, 30, 1, 9, pages), Fixtures.noScratch(), executor, 2);
        try (writer) {
            writeAll(writer, pages);
        }
        assertThatThrownBy(() -> Fixtures.decode(out.toByteArray()))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("the file ends");
        assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void executorThatRefusesWorkIsAnErrorNotAHang() throws IOException {
        ExecutorService closed = Executors.newSingleThreadExecutor();
        closed.close();
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(1), 65536, 30, 1);
        try (LtxWriter writer = new ParallelLtxEncoder(
                OutputStream.nullOutputStream(),
                Fixtures.header(65536, 30, 1, 9, pages),
                Fixtures.noScratch(),
                closed,
                2)) {
            assertThatThrownBy(() -> writeAll(writer, pages)).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void interruptEndsTheWaitForCompression() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(1), 65536, 30, 1);
        CountDownLatch busy = new CountDownLatch(1);
        try (ExecutorService single = Executors.newSingleThreadExecutor();
                LtxWriter writer = new ParallelLtxEncoder(
                        OutputStream.nullOutputStream(),
                        Fixtures.header(65536, 30, 1, 9, pages),
                        Fixtures.noScratch(),
                        single,
                        1)) {
            Future<?> blocker = single.submit(() -> {
                busy.await();
                return "done";
            });
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> writeAll(writer, pages)).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
            busy.countDown();
            assertThat(blocker).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void fileThatLostAPageToAnErrorIsNotFinished() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(1), 65536, 100, 1);
        LtxHeader header = Fixtures.header(65536, 200, 2, 2, pages);
        try (LtxWriter serial = new LtxEncoder(failingOnce(), header, Fixtures.noScratch());
                LtxWriter parallel = new ParallelLtxEncoder(failingOnce(), header, Fixtures.noScratch(), executor, 1)) {
            for (LtxWriter writer : List.of(serial, parallel)) {
                assertThatThrownBy(() -> writeAll(writer, pages)).hasMessage("no space left");
                assertThatThrownBy(() -> writer.page(150, new byte[65536], 0))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("a page has failed to be written before");
                assertThatThrownBy(writer::finish)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("a page has failed to be written before");
            }
        }
    }

    @Test
    void pageThatReachesBeyondItsArrayChangesNothing() throws IOException {
        try (LtxWriter serial = encoder(Fixtures.header(512, 3, 2, 2, Map.of()));
                LtxWriter parallel = new ParallelLtxEncoder(
                        OutputStream.nullOutputStream(),
                        Fixtures.header(512, 3, 2, 2, Map.of()),
                        Fixtures.noScratch(),
                        executor,
                        1)) {
            for (LtxWriter writer : List.of(serial, parallel)) {
                assertThatThrownBy(() -> writer.page(1, new byte[512], 1))
                        .isInstanceOf(IndexOutOfBoundsException.class);
                writer.page(1, new byte[512], 0);
                assertThat(writer.finish().pages()).isEqualTo(1);
            }
        }
    }

    private static void writeAll(LtxWriter writer, Map<Integer, byte[]> pages) throws IOException {
        for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
            writer.page(page.getKey(), page.getValue(), 0);
        }
    }

    private static OutputStream failingOnce() {
        return new OutputStream() {
            private boolean failed;

            @Override
            public void write(int b) {}

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!failed) {
                    failed = true;
                    throw new IOException("no space left");
                }
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "2, 3, 'page 2 after page 3'",
        "3, 3, 'page 3 after page 3'",
        "11, 3, 'page 11 in a database of 10 pages'",
        "0, 3, 'page 0 in a database of 10 pages'",
        "-1, 3, 'page 4294967295 in a database of 10 pages'"
    })
    void pageOutOfPlaceIsRefused(int page, int before, String message) throws IOException {
        try (LtxEncoder encoder = encoder(Fixtures.header(512, 10, 2, 2, Map.of()))) {
            encoder.page(before, new byte[512], 0);
            assertThatThrownBy(() -> encoder.page(page, new byte[512], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void i9LockPageIsNeverWritten() throws IOException {
        int lockPage = new PageSize(65536).lockPage();
        try (LtxEncoder encoder = encoder(Fixtures.header(65536, lockPage + 5, 2, 2, Map.of()))) {
            encoder.page(lockPage - 1, new byte[65536], 0);
            assertThatThrownBy(() -> encoder.page(lockPage, new byte[65536], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("page 16385 is the lock page");
            encoder.page(lockPage + 1, new byte[65536], 0);
            encoder.finish();
        }
    }

    @Test
    void i7SnapshotWithAGapIsRefused() throws IOException {
        try (LtxEncoder encoder = encoder(Fixtures.header(512, 3, 1, 4, Map.of()))) {
            assertThatThrownBy(() -> encoder.page(2, new byte[512], 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("page 2 in a snapshot, where page 1 comes next");
        }
    }

    @Test
    void i7SnapshotThatEndsEarlyIsNotFinished() throws IOException {
        try (LtxEncoder encoder = encoder(Fixtures.header(512, 3, 1, 4, Map.of()))) {
            encoder.page(1, new byte[512], 0);
            encoder.page(2, new byte[512], 0);
            assertThatThrownBy(encoder::finish)
                    .isInstanceOf(LtxException.class)
                    .hasMessage("0000000000000001-0000000000000004.ltx cannot be written:"
                            + " a snapshot of 3 pages ends before page 3");
        }
    }

    @Test
    void i22SnapshotWhoseProofDoesNotHoldIsNotFinished() {
        byte[] page = new byte[512];
        Map<Integer, byte[]> pages = Map.of(1, page);
        LtxHeader header = Fixtures.header(512, 1, 1, 4, pages);
        page[5] = 1;
        assertThatThrownBy(() -> Fixtures.encode(header, pages))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("its proof claims");
    }

    @Test
    void trackedChecksumsAreNotWritten() {
        LtxHeader tracked = new LtxHeader(
                0,
                new PageSize(512),
                1,
                TxidRange.of(new Txid(1)),
                Instant.EPOCH,
                0,
                LtxHeader.WalSegment.NONE,
                0,
                Optional.empty());
        assertThatThrownBy(() -> encoder(tracked)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void finishedFileTakesNoMorePages() throws IOException {
        try (LtxEncoder encoder = encoder(Fixtures.header(512, 3, 2, 2, Map.of()))) {
            encoder.finish();
            assertThatThrownBy(() -> encoder.page(1, new byte[512], 0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(encoder::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void withoutTheNativeLibraryPlainJavaIsUsed() {
        assertThat(Lz4.firstOf(
                        () -> {
                            throw new UnsatisfiedLinkError("no library");
                        },
                        () -> "plain"))
                .isEqualTo("plain");
        assertThat(Lz4.firstOf(
                        () -> {
                            throw new AssertionError("no library");
                        },
                        () -> "plain"))
                .isEqualTo("plain");
    }

    private static LtxEncoder encoder(LtxHeader header) throws IOException {
        return new LtxEncoder(OutputStream.nullOutputStream(), header, Fixtures.noScratch());
    }

    private static byte[] assertRoundTrip(LtxHeader header, Map<Integer, byte[]> pages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LtxSummary summary;
        try (LtxEncoder encoder = new LtxEncoder(out, header, Fixtures.noScratch())) {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                byte[] shifted = new byte[page.getValue().length + 3];
                System.arraycopy(page.getValue(), 0, shifted, 3, page.getValue().length);
                encoder.page(page.getKey(), shifted, 3);
            }
            summary = encoder.finish();
        }
        byte[] file = out.toByteArray();
        LtxContent content = LtxOracle.read(file, "test.ltx");
        Fixtures.assertSamePages(content.pages(), pages);
        Fixtures.assertSamePages(Fixtures.decode(file), pages);
        assertThat(LtxHeader.read("test.ltx", new ByteArrayInputStream(file))).isEqualTo(header);
        assertThat(summary).isEqualTo(new LtxSummary(file.length, content.fileChecksum(), pages.size()));
        assertThat(header.proof().orElseThrow().databaseChecksum()).isEqualTo(DatabaseSum.of(content.pages()));
        return file;
    }
}
