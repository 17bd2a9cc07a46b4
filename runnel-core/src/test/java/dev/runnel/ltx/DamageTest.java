package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files that are not as they were written. */
class DamageTest {
    /** All that a file says: its header, pages and trailer. */
    private record Content(LtxHeader header, LtxTrailer trailer, Map<Integer, Integer> pages) {
        static Content of(byte[] file) throws IOException {
            LtxDecoder decoder = LtxDecoder.open("test.ltx", new ByteArrayInputStream(file));
            Map<Integer, Integer> pages = new HashMap<>();
            decoder.readTo((number, data, offset) -> pages.put(number, Arrays.hashCode(data)));
            return new Content(decoder.header(), decoder.trailer(), pages);
        }
    }

    @TestFactory
    Stream<DynamicTest> i22EveryFlippedBitIsFoundOrChangesNothing() {
        return files().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    Content intact = Content.of(file.getValue());
                    int found = 0;
                    byte[] bytes = file.getValue();
                    for (int bit = 0; bit < bytes.length * 8; bit++) {
                        bytes[bit / 8] ^= (byte) (1 << bit % 8);
                        try {
                            assertThat(Content.of(bytes)).as("bit %d", bit).isEqualTo(intact);
                        } catch (LtxException e) {
                            found++;
                        }
                        bytes[bit / 8] ^= (byte) (1 << bit % 8);
                    }
                    assertThat(found).isGreaterThan(bytes.length * 7);
                }));
    }

    @TestFactory
    Stream<DynamicTest> i22FileCutAtAnyLengthIsRefused() {
        return files().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    byte[] bytes = file.getValue();
                    for (int length = 0; length < bytes.length; length++) {
                        byte[] cut = Arrays.copyOf(bytes, length);
                        assertThatThrownBy(() -> Content.of(cut))
                                .isInstanceOf(LtxException.class)
                                .hasMessageContaining("offset " + length + ": the file ends within ");
                    }
                }));
    }

    @Test
    void i22BytesAfterTheTrailerAreRefused() {
        byte[] bytes = Fixtures.read("block-pages", "nochk-inc2.ltx");
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> Content.of(longer))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset " + bytes.length + ": more bytes after the trailer");
    }

    @TestFactory
    Stream<DynamicTest> i38AnyBytesAtAllGiveATypedErrorOrAreRead() {
        Random random = Fixtures.random("DamageTest");
        int rounds = Integer.getInteger("runnel.fuzz.rounds", 3_000);
        return files().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    for (int round = 0; round < rounds; round++) {
                        byte[] bytes = mutated(random, file.getValue());
                        assertOnlyTypedErrors(bytes);
                    }
                }));
    }

    @Test
    void sizesInAFileAreNotBelieved() {
        byte[] hugeBlock = Fixtures.read("block-pages", "nochk-inc2.ltx");
        Arrays.fill(hugeBlock, 106, 110, (byte) 0x7f);
        assertThatThrownBy(() -> Content.of(hugeBlock))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset 106: a page of 512 bytes cannot be compressed to 2139062143");
        byte[] hugeFrame = Fixtures.read("frame-pages", "nochk-inc2.ltx");
        Arrays.fill(hugeFrame, 113, 117, (byte) 0x7f);
        assertThatThrownBy(() -> Content.of(hugeFrame))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset 113: a page of 512 bytes cannot be compressed to 2139062143");
    }

    @Test
    void streamsThatGiveByteForByteAreRead() throws IOException {
        byte[] file = Fixtures.read("frame-pages", "p4096.ltx");
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(file)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, 1));
            }
        };
        LtxDecoder decoder = LtxDecoder.open("slow", slow);
        int[] count = new int[1];
        decoder.readTo((number, data, offset) -> count[0]++);
        assertThat(count[0]).isEqualTo(300);
    }

    @Test
    void errorsOfTheStreamArePassedOnAndTheDecoderIsDoneFor() throws IOException {
        byte[] file = Fixtures.read("block-pages", "p4096.ltx");
        InputStream failing = new FilterInputStream(new ByteArrayInputStream(file)) {
            private int left = 50_000;

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (left <= 0) {
                    throw new IOException("connection lost");
                }
                int read = super.read(into, offset, Math.min(length, left));
                left -= read;
                return read;
            }
        };
        LtxDecoder decoder = LtxDecoder.open("failing", failing);
        assertThatThrownBy(() -> decoder.readTo((number, data, offset) -> {}))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("connection lost");
        assertThatThrownBy(decoder::next).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(decoder::trailer).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void i22SnapshotWhoseProofDoesNotHoldIsRefused() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(3), 512, 2, 1);
        byte[] honest = Fixtures.encode(Fixtures.header(512, 2, 1, 3, pages), pages);
        byte[] header = Fixtures.header(512, 2, 1, 3, Map.of()).toBytes();
        byte[] lying = honest.clone();
        System.arraycopy(header, 0, lying, 0, header.length);
        seal(lying, pages);
        assertThatThrownBy(() -> Content.of(lying))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset 84: database checksum 8000000000000000 of pages with");
    }

    @Test
    void i43SnapshotWithTheChecksumThatMissedChangesIsReadAsOneWithoutAProof() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(3), 512, 2, 1);
        byte[] file = Fixtures.encode(Fixtures.header(512, 2, 1, 3, pages), pages);
        ByteBuffer.wrap(file).putInt(80, 0x524E4C31).putLong(84, 0x8000000000001234L);
        seal(file, pages);
        assertThat(LtxHeader.parse("test.ltx", file).proof()).isEmpty();
        Fixtures.assertSamePages(Fixtures.decode(file), pages);
    }

    @Test
    void indexThatDoesNotAgreeWithThePagesIsRefusedThoughTheFileChecksumHolds() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(3), 512, 2, 1);
        byte[] file = Fixtures.encode(Fixtures.header(512, 2, 3, 3, pages), pages);
        int indexSize = (int) ByteBuffer.wrap(file).getLong(file.length - 24);
        for (int at = file.length - 24 - indexSize; at < file.length - 24; at++) {
            byte[] lying = file.clone();
            lying[at] ^= 1;
            seal(lying, pages);
            assertThatThrownBy(() -> Content.of(lying))
                    .isInstanceOf(LtxException.class)
                    .hasMessageContaining("the page index does not agree with the pages");
        }
    }

    @Test
    void contentChecksumOfAnLz4FrameHasToHold() {
        byte[] file = Fixtures.read("frame-pages", "nochk-inc2.ltx");
        // The one page of this file ends with its content checksum, before the end mark of the pages.
        file[147] ^= 1;
        assertThatThrownBy(() -> Content.of(file))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset 146: content checksum");
    }

    /** Gives a file in block form, with these pages, the file checksum that belongs to its bytes. */
    private static void seal(byte[] file, Map<Integer, byte[]> pages) {
        long crc = Crc64.update(0, file, 0, LtxHeader.SIZE);
        int at = LtxHeader.SIZE;
        for (byte[] page : pages.values()) {
            crc = Crc64.update(crc, file, at, 10);
            crc = Crc64.update(crc, page, 0, page.length);
            at += 10 + ByteBuffer.wrap(file).getInt(at + 6);
        }
        crc = Crc64.update(crc, file, at, file.length - 8 - at);
        ByteBuffer.wrap(file).putLong(file.length - 8, crc | Checksums.FLAG);
    }

    private static void assertOnlyTypedErrors(byte[] bytes) throws IOException {
        try {
            Content.of(bytes);
        } catch (LtxException e) {
            assertThat(e.nextStep()).isNotBlank();
        }
        try {
            LtxHeader header = LtxHeader.parse("test.ltx", bytes);
            PageIndex index = PageIndex.open("test.ltx", header, bytes.length, Fixtures.ranges(bytes));
            PageFrameDecoder frames = new PageFrameDecoder("test.ltx", header.pageSize());
            byte[] page = new byte[header.pageSize().bytes()];
            for (Optional<PageEntry> entry = index.next(); entry.isPresent(); entry = index.next()) {
                try {
                    frames.decode(entry.get(), bytes, (int) entry.get().offset(), page, 0);
                } catch (LtxException e) {
                    assertThat(e).hasMessageStartingWith("test.ltx, offset ");
                }
            }
        } catch (LtxException e) {
            assertThat(e).hasMessageStartingWith("test.ltx, offset ");
        } catch (RuntimeException e) {
            fail("not a typed error", e);
        }
    }

    private static byte[] mutated(Random random, byte[] file) {
        byte[] bytes = file.clone();
        for (int change = random.nextInt(1, 6); change > 0; change--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(random.nextInt(1, 12), bytes.length - at);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> Arrays.fill(bytes, at, at + length, (byte) random.nextInt(-1, 2));
                case 2 -> System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> bytes[at]++;
            }
        }
        return bytes;
    }

    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String folder : new String[] {"block-pages", "frame-pages"}) {
            for (String name : new String[] {"nochk-inc2.ltx", "chk-snap.ltx", "nochk-empty7.ltx", "chk-commit0.ltx"}) {
                files.put(folder + "/" + name, Fixtures.read(folder, name));
            }
        }
        try {
            Map<Integer, byte[]> pages = Fixtures.pages(new Random(7), 512, 4, 1);
            files.put("snapshot of ours", Fixtures.encode(Fixtures.header(512, 4, 1, 3, pages), pages));
            files.put("change set of ours", Fixtures.encode(Fixtures.header(512, 9, 3, 3, pages), pages));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return files;
    }
}
