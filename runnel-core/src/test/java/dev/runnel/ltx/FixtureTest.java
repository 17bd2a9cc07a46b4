package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files written by the Go library, and files made by hand to be refused. */
class FixtureTest {
    /** Which crafted files are well-formed, as {@code fixtures/ltx/README.md} says. */
    private static final Set<String> ACCEPTED = Set.of("01", "02", "14", "17", "22", "23");

    /** Where in each crafted file the reader has to stop, found by looking at its bytes. */
    private static final Map<String, String> FAULTS = Map.ofEntries(
            Map.entry("03", "offset 625: page 1 after page 3"),
            Map.entry("04", "offset 625: page 3 after page 3"),
            Map.entry("05", "in a database of"),
            Map.entry("06", "offset 625: page 3 in a snapshot, where page 2 comes next"),
            Map.entry("07", "offset 100: a page of 100 bytes, not 512"),
            Map.entry("08", "page index"),
            Map.entry("09", "page index"),
            Map.entry("10", "the header says that there is none"),
            Map.entry("11", "after the trailer"),
            Map.entry("12", "the file ends"),
            Map.entry("13", "offset 4: unknown header flags"),
            Map.entry("15", "offset 644: 0000000000000000 is not a database checksum"),
            Map.entry("16", "database checksum"),
            Map.entry("18", "offset 0: not an LTX file"),
            Map.entry("19", "offset 48: WAL salts without a WAL offset"),
            Map.entry("20", "offset 104: unknown page flags"),
            Map.entry("21", "offset 24: highest TXID"));

    @TestFactory
    Stream<DynamicTest> craftedFilesAreAcceptedOrRefusedAsTheirReadmeSays() {
        return Fixtures.names("crafted").stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    String number = name.substring(0, 2);
                    byte[] file = Fixtures.read("crafted", name);
                    if (ACCEPTED.contains(number)) {
                        Fixtures.decode(file);
                        return;
                    }
                    assertThatThrownBy(() -> Fixtures.decode(file))
                            .isInstanceOf(LtxException.class)
                            .hasMessageStartingWith("test.ltx, offset ")
                            .hasMessageContaining(
                                    Optional.ofNullable(FAULTS.get(number)).orElseThrow());
                }));
    }

    @TestFactory
    Stream<DynamicTest> bothPageEncodingsGiveTheSamePages() {
        return Fixtures.names("block-pages").stream()
                .filter(name -> !name.startsWith("short"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Map<Integer, byte[]> block = Fixtures.decode(Fixtures.read("block-pages", name));
                    Map<Integer, byte[]> frame = Fixtures.decode(Fixtures.read("frame-pages", name));
                    Fixtures.assertSamePages(frame, block);
                }));
    }

    @TestFactory
    Stream<DynamicTest> pageIndexLeadsToTheSamePages() {
        return Stream.of("block-pages", "frame-pages")
                .flatMap(folder -> Fixtures.names(folder).stream()
                        .filter(name -> !name.startsWith("short"))
                        .map(name -> DynamicTest.dynamicTest(folder + "/" + name, () -> {
                            byte[] file = Fixtures.read(folder, name);
                            Fixtures.assertSamePages(readByIndex(file), Fixtures.decode(file));
                        })));
    }

    @Test
    void snapshotThatEndsEarlyIsRefusedInBothEncodings() {
        for (String folder : new String[] {"block-pages", "frame-pages"}) {
            for (String name : new String[] {"short-snap.ltx", "short-then.ltx"}) {
                assertThatThrownBy(() -> Fixtures.decode(Fixtures.read(folder, name)))
                        .isInstanceOf(LtxException.class)
                        .hasMessageContaining("a snapshot of 3 pages ends before page 2");
            }
        }
    }

    private static Map<Integer, byte[]> readByIndex(byte[] file) throws IOException {
        LtxHeader header = LtxHeader.read("test.ltx", new ByteArrayInputStream(file));
        PageIndex index = PageIndex.open("test.ltx", header, file.length, Fixtures.ranges(file));
        PageFrameDecoder decoder = new PageFrameDecoder("test.ltx", header.pageSize());
        Map<Integer, byte[]> pages = new TreeMap<>();
        for (Optional<PageEntry> entry = index.next(); entry.isPresent(); entry = index.next()) {
            ByteBuffer frame = ByteBuffer.allocate(entry.get().size());
            Fixtures.ranges(file).read(entry.get().offset(), frame);
            byte[] page = new byte[header.pageSize().bytes()];
            decoder.decode(entry.get(), frame.array(), 0, page, 0);
            pages.put(entry.get().number(), page);
        }
        return pages;
    }
}
