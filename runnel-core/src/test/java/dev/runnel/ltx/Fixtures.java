package dev.runnel.ltx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** For files that are too small to need any. */
    static Scratch noScratch() {
        return () -> {
            throw new IOException("no scratch file expected");
        };
    }
}
