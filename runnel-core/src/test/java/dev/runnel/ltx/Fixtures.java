package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the tests of the codec share: files written by others, and ways to read a file whole. */
final class Fixtures {
    private static final Path FOLDER =
            Path.of(System.getProperty("runnel.project")).resolve("fixtures/ltx");

    private Fixtures() {}

    static byte[] read(String folder, String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(folder).resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the files in a folder, in order. */
    static List<String> names(String folder) {
        try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes a file to its end. */
    static Map<Integer, byte[]> decode(byte[] file) throws IOException {
        Map<Integer, byte[]> pages = new TreeMap<>();
        LtxDecoder decoder = LtxDecoder.open("test.ltx", new ByteArrayInputStream(file));
        int pageSize = decoder.header().pageSize().bytes();
        decoder.readTo((number, data, offset) -> {
            byte[] page = new byte[pageSize];
            System.arraycopy(data, offset, page, 0, pageSize);
            pages.put(number, page);
        });
        return pages;
    }

    /** A reader of ranges of a file in memory. */
    static RangeReader ranges(byte[] file) {
        return (offset, into) -> {
            int length = (int) Math.max(0, Math.min(into.remaining(), file.length - offset));
            into.put(ByteBuffer.wrap(file, (int) offset, length));
        };
    }

    /** A source of randomness whose seed is printed, and can be set with {@code -Drunnel.seed}. */
    static Random random(String test) {
        long seed = Long.getLong("runnel.seed", System.nanoTime());
        System.out.println(test + ": -Drunnel.seed=" + seed);
        return new Random(seed);
    }

    /** A header with a proof that holds, as Runnel writes it for a file with these pages. */
    static LtxHeader header(int pageSize, int commit, long min, long max, Map<Integer, byte[]> pages) {
        long checksum = Checksums.EMPTY;
        for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
            int number = page.getKey();
            checksum = Checksums.with(checksum, number, Checksums.page(number, page.getValue(), 0, pageSize));
        }
        return LtxHeader.of(
                new PageSize(pageSize),
                commit,
                new TxidRange(new Txid(min), new Txid(max)),
                Instant.ofEpochMilli(1_700_000_000_000L + max),
                Optional.of(new Proof(checksum, 42)));
    }

    /** Encodes on the caller's thread. */
    static byte[] encode(LtxHeader header, Map<Integer, byte[]> pages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LtxEncoder encoder = new LtxEncoder(out, header, noScratch())) {
            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                encoder.page(page.getKey(), page.getValue(), 0);
            }
            encoder.finish();
        }
        return out.toByteArray();
    }

    /** A page that compresses well, badly or not at all. */
    static byte[] page(Random random, int pageSize) {
        byte[] page = new byte[pageSize];
        switch (random.nextInt(4)) {
            case 0 -> random.nextBytes(page);
            case 1 -> Arrays.fill(page, (byte) random.nextInt());
            case 2 -> {
                for (int i = 0; i < pageSize; i++) {
                    page[i] = (byte) random.nextInt(4);
                }
            }
            default -> page[random.nextInt(pageSize)] = 1;
        }
        return page;
    }

    /** Pages 1 to {@code count}, or about one in {@code sparsity} of them. */
    static Map<Integer, byte[]> pages(Random random, int pageSize, int count, int sparsity) {
        Map<Integer, byte[]> pages = new TreeMap<>();
        for (int number = 1; number <= count; number++) {
            if (random.nextInt(sparsity) == 0) {
                pages.put(number, page(random, pageSize));
            }
        }
        return pages;
    }

    static void assertSamePages(Map<Integer, byte[]> found, Map<Integer, byte[]> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((number, bytes) ->
                assertThat(found.get(number)).as("page %d", number).isEqualTo(bytes));
    }

    /** For files that are too small to need any. */
    static Scratch noScratch() {
        return () -> {
            throw new IOException("no scratch file expected");
        };
    }
}
