package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PageIndexTest {
    /** Three pages of 512 bytes at 100, 300 and 800; the pages end at 900. */
    private static final long[][] ENTRIES = {{1, 100, 200}, {2, 300, 500}, {3, 800, 100}};

    @Test
    void smallIndexComesWithOneRead() throws IOException {
        Map<Integer, byte[]> pages = Fixtures.pages(new Random(1), 512, 100, 1);
        byte[] file = Fixtures.encode(Fixtures.header(512, 100, 1, 2, pages), pages);
        List<Integer> reads = new ArrayList<>();
        PageIndex index = PageIndex.open("test.ltx", LtxHeader.parse("test.ltx", file), file.length, (offset, into) -> {
            reads.add(into.remaining());
            Fixtures.ranges(file).read(offset, into);
        });
        assertThat(numbers(index)).hasSize(100);
        assertThat(reads).containsExactly(Math.min(file.length, 32 * 1024));
        assertThat(index.next()).isEmpty();
    }

    @Test
    void entriesSayWherePagesAre() throws IOException {
        PageIndex index = open(file(3, ENTRIES, 900));
        assertThat(index.next()).contains(new PageEntry(1, 100, 200));
        assertThat(index.next()).contains(new PageEntry(2, 300, 500));
        assertThat(index.next()).contains(new PageEntry(3, 800, 100));
        assertThat(index.next()).isEmpty();
    }

    @Test
    void framesThatLeaveAGapOrOverlapAreRefused() {
        assertRefused(3, new long[][] {{1, 101, 199}, {2, 300, 500}, {3, 800, 100}}, 900, "page 1 in 199 bytes at 101");
        assertRefused(3, new long[][] {{1, 100, 200}, {2, 301, 499}, {3, 800, 100}}, 900, "page 2 in 499 bytes at 301");
        assertRefused(3, new long[][] {{1, 100, 200}, {2, 299, 501}, {3, 800, 100}}, 900, "page 2 in 501 bytes at 299");
        assertRefused(3, ENTRIES, 901, "the page index ends at 900, the pages at 901");
        assertRefused(3, ENTRIES, 899, "page 3 in 100 bytes at 800, where 800 is free to 899");
        assertRefused(3, new long[][] {{1, 100, 560}, {2, 660, 140}, {3, 800, 100}}, 900, "page 1 in 560 bytes");
        assertRefused(3, new long[][] {{1, 100, 5}, {2, 105, 695}, {3, 800, 100}}, 900, "page 1 in 5 bytes");
    }

    @Test
    void i7PagesMissingInASnapshotAreRefused() {
        assertRefused(4, ENTRIES, 900, "a snapshot of 4 pages ends before page 4");
        assertRefused(3, new long[][] {{1, 100, 200}, {3, 300, 600}}, 900, "where page 2 comes next");
    }

    @Test
    void pagesOutOfOrderAreRefused() {
        assertRefused(3, new long[][] {{1, 100, 200}, {1, 300, 600}}, 900, "page 1 after page 1");
        assertRefused(2, ENTRIES, 900, "page 3 in a database of 2 pages");
        assertRefused(3, new long[][] {{1L << 40, 100, 200}}, 300, "page 1099511627776");
    }

    @Test
    void sizeOfTheIndexHasToFit() {
        byte[] file = file(3, ENTRIES, 900);
        for (long size : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, file.length, file.length - 129}) {
            ByteBuffer.wrap(file).putLong(file.length - 24, size);
            assertThatThrownBy(() -> open(file))
                    .isInstanceOf(LtxException.class)
                    .hasMessageContaining("a page index of " + Long.toUnsignedString(size) + " bytes");
        }
        ByteBuffer.wrap(file).putLong(file.length - 24, 13);
        assertThatThrownBy(() -> numbers(open(file))).isInstanceOf(LtxException.class);
        ByteBuffer.wrap(file).putLong(file.length - 24, 11);
        assertThatThrownBy(() -> numbers(open(file))).isInstanceOf(LtxException.class);
    }

    @Test
    void fileShorterThanItsLengthIsRefused() throws IOException {
        byte[] file = file(3, ENTRIES, 900);
        LtxHeader header = LtxHeader.parse("test.ltx", file);
        assertThatThrownBy(() -> PageIndex.open("test.ltx", header, file.length + 1, Fixtures.ranges(file)))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset " + file.length + ": the file ends within its page index");
        assertThatThrownBy(() -> PageIndex.open("test.ltx", header, 130, Fixtures.ranges(file)))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("131 is the least an LTX file has");
    }

    @Test
    void numbersThatNeverEndAreRefused() {
        byte[] file = file(3, ENTRIES, 900);
        Arrays.fill(file, 906, file.length - 24, (byte) 0x80);
        assertThatThrownBy(() -> numbers(open(file)))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("offset 906: ");
    }

    @Test
    void frameThatIsNotTheIndexedPageIsRefused() throws IOException {
        byte[] file = Fixtures.read("block-pages", "nochk-inc2.ltx");
        PageFrameDecoder decoder = new PageFrameDecoder("test.ltx", new PageSize(512));
        byte[] page = new byte[512];
        decoder.decode(new PageEntry(2, 100, 35), file, 100, page, 0);
        assertThatThrownBy(() -> decoder.decode(new PageEntry(3, 100, 35), file, 100, page, 0))
                .isInstanceOf(LtxException.class)
                .hasMessage("test.ltx, offset 100: page 2, where the page index has page 3");
        assertThatThrownBy(() -> decoder.decode(new PageEntry(2, 100, 36), file, 100, page, 0))
                .isInstanceOf(LtxException.class)
                .hasMessage("test.ltx, offset 100: page 2 takes 35 bytes, but 36 in the page index");
        for (int size = 0; size < 35; size++) {
            PageEntry cut = new PageEntry(2, 100, size);
            assertThatThrownBy(() -> decoder.decode(cut, file, 100, page, 0)).isInstanceOf(LtxException.class);
        }
    }

    private static void assertRefused(int commit, long[][] entries, int pagesEnd, String message) {
        assertThatThrownBy(() -> numbers(open(file(commit, entries, pagesEnd))))
                .isInstanceOf(LtxException.class)
                .hasMessageStartingWith("test.ltx, offset ")
                .hasMessageContaining(message);
    }

    private static PageIndex open(byte[] file) throws IOException {
        return PageIndex.open("test.ltx", LtxHeader.parse("test.ltx", file), file.length, Fixtures.ranges(file));
    }

    private static List<Integer> numbers(PageIndex index) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (Optional<PageEntry> entry = index.next(); entry.isPresent(); entry = index.next()) {
            numbers.add(entry.get().number());
        }
        return numbers;
    }

    /** A snapshot with an index, and zeros in place of pages. */
    private static byte[] file(int commit, long[][] entries, int pagesEnd) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Fixtures.header(512, commit, 1, 1, Map.of()).toBytes());
        out.writeBytes(new byte[pagesEnd + 6 - LtxHeader.SIZE]);
        int start = out.size();
        for (long[] entry : entries) {
            for (long number : entry) {
                writeVarint(out, number);
            }
        }
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(24).putLong(out.size() - start).array());
        return out.toByteArray();
    }

    private static void writeVarint(ByteArrayOutputStream out, long number) {
        if (number >= 128) {
            out.write((int) (number % 128 + 128));
            writeVarint(out, number / 128);
            return;
        }
        out.write((int) number);
    }
}
