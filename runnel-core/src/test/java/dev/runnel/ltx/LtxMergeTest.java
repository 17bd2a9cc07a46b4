package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.oracle.LtxOracle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LtxMergeTest {
    private static final int PAGE_SIZE = 512;

    /** A database that changes at random, with the files that say how. */
    private static final class History {
        final Random random;
        final TreeMap<Integer, byte[]> database = new TreeMap<>();
        final List<byte[]> files = new ArrayList<>();
        final List<TreeMap<Integer, byte[]>> states = new ArrayList<>();

        History(Random random) {
            this.random = random;
        }

        void step() throws IOException {
            int before = database.size();
            int size = random.nextInt(3) == 0 ? random.nextInt(1, 40) : Math.max(1, before);
            Map<Integer, byte[]> changed = new TreeMap<>();
            for (int number = 1; number <= size; number++) {
                if (number > before || random.nextInt(6) == 0) {
                    changed.put(number, Fixtures.page(random, PAGE_SIZE));
                }
            }
            database.tailMap(size, false).clear();
            database.putAll(changed);
            int txid = files.size() + 1;
            // The proof is that of the whole database, not of the pages in this file.
            LtxHeader header = Fixtures.header(PAGE_SIZE, size, txid, txid, database);
            files.add(Fixtures.encode(header, changed));
            states.add(new TreeMap<>(database));
        }
    }

    @Test
    void i8MergedHistoryGivesTheDatabaseOfItsLastFile() throws IOException {
        Random random = Fixtures.random("LtxMergeTest");
        for (int round = 0; round < 60; round++) {
            History history = new History(random);
            for (int step = random.nextInt(1, 25); step > 0; step--) {
                history.step();
            }
            byte[] merged = merge(history.files);
            LtxHeader header = header(merged);
            assertThat(header)
                    .isEqualTo(Fixtures.header(
                            PAGE_SIZE, history.database.size(), 1, history.files.size(), history.database));
            Fixtures.assertSamePages(Fixtures.decode(merged), history.database);
        }
    }

    @Test
    void i8MergingInStepsGivesTheSameAsAtOnce() throws IOException {
        Random random = Fixtures.random("LtxMergeTest");
        for (int round = 0; round < 60; round++) {
            History history = new History(random);
            for (int step = 0; step < 20; step++) {
                history.step();
            }
            int first = random.nextInt(1, 10);
            int second = random.nextInt(first + 1, 20);
            byte[] middle = merge(history.files.subList(first, second));
            assertThat(header(middle).txids()).isEqualTo(new TxidRange(new Txid(first + 1), new Txid(second)));
            List<byte[]> files = new ArrayList<>(history.files.subList(0, first));
            files.add(middle);
            files.addAll(history.files.subList(second, 20));
            Fixtures.assertSamePages(Fixtures.decode(merge(files)), history.database);
        }
    }

    @Test
    void filesThatOverlapAreMerged() throws IOException {
        History history = new History(Fixtures.random("LtxMergeTest"));
        for (int step = 0; step < 10; step++) {
            history.step();
        }
        byte[] first = merge(history.files.subList(0, 6));
        byte[] last = merge(history.files.subList(3, 10));
        Fixtures.assertSamePages(Fixtures.decode(merge(List.of(first, last))), history.database);
    }

    @ParameterizedTest
    @ValueSource(strings = {"block-pages", "frame-pages"})
    void i8MergeAgreesWithTheGoLibrary(String folder) throws IOException {
        byte[] merged =
                merge(List.of(Fixtures.read(folder, "nochk-snap.ltx"), Fixtures.read(folder, "nochk-inc2.ltx")));
        byte[] expected = Fixtures.read(folder, "nochk-c1-2.ltx");
        assertThat(header(merged)).isEqualTo(header(expected));
        Fixtures.assertSamePages(LtxOracle.read(merged, "merged.ltx").pages(), Fixtures.decode(expected));
    }

    @Test
    void i8PagesCutOffDoNotComeBackWhenTheDatabaseGrowsAgain() throws IOException {
        byte[] five = file(1, 5, 1, 2, 3, 4, 5);
        byte[] two = file(2, 2);
        byte[] incomplete = file(3, 5, 1, 5);
        assertThatThrownBy(() -> merge(List.of(five, two, incomplete)))
                .isInstanceOf(LtxException.class)
                .hasMessage("0000000000000001-0000000000000003.ltx cannot be written:"
                        + " none of the files that it combines has page 3 of a database of 5 pages");
        byte[] complete = file(3, 5, 3, 4, 5);
        Map<Integer, byte[]> pages = Fixtures.decode(merge(List.of(five, two, complete)));
        assertThat(pages.keySet()).containsExactly(1, 2, 3, 4, 5);
        assertThat(pages.values().stream().map(page -> page[0]))
                .containsExactly((byte) 1, (byte) 1, (byte) 3, (byte) 3, (byte) 3);
    }

    @Test
    void i8DifferenceThatShrinksAndGrowsAgainMustHoldWhatGrew() throws IOException {
        byte[] two = file(2, 2, 1);
        assertThatThrownBy(() -> merge(List.of(two, file(3, 5, 5))))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("has page 3 of a database of 5 pages");
        assertThatThrownBy(() -> merge(List.of(two, file(3, 5, 3, 4))))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("has page 5 of a database of 5 pages");
        assertThat(Fixtures.decode(merge(List.of(two, file(3, 5, 3, 4, 5)))).keySet())
                .containsExactly(1, 3, 4, 5);
    }

    @Test
    void i9LockPageIsNotMissedWhereADatabaseGrowsAcrossIt() throws IOException {
        PageSize pageSize = new PageSize(65536);
        int lockPage = pageSize.lockPage();
        byte[] before = Fixtures.encode(Fixtures.header(65536, lockPage - 1, 4, 4, Map.of()), Map.of());
        byte[] page = new byte[65536];
        Map<Integer, byte[]> grown = new TreeMap<>(Map.of(lockPage + 1, page, lockPage + 2, page));
        byte[] after = Fixtures.encode(Fixtures.header(65536, lockPage + 2, 5, 5, Map.of()), grown);
        assertThat(Fixtures.decode(merge(List.of(before, after))).keySet()).containsExactly(lockPage + 1, lockPage + 2);
    }

    @Test
    void i17GapBetweenFilesIsRefused() throws IOException {
        byte[] first = file(1, 1, 1);
        byte[] third = file(3, 1, 1);
        assertThatThrownBy(() -> merge(List.of(first, third)))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("file 1, offset 16: TXIDs 0000000000000003-0000000000000003 do not continue"
                        + " 0000000000000001-0000000000000001");
        assertThatThrownBy(() -> merge(List.of(third, first))).isInstanceOf(LtxException.class);
        assertThatThrownBy(() -> merge(List.of(first, first))).isInstanceOf(LtxException.class);
    }

    @Test
    void pageSizesMayNotDiffer() throws IOException {
        byte[] small = file(1, 1, 1);
        byte[] large = Fixtures.encode(Fixtures.header(1024, 1, 2, 2, Map.of()), Map.of());
        assertThatThrownBy(() -> merge(List.of(small, large)))
                .isInstanceOf(LtxException.class)
                .hasMessageContaining("file 1, offset 8: page size 1024 after 512");
    }

    @Test
    void i25i47AMergeHasTheTimeOfItsLastTxidWhateverTheClockShowedBefore() throws IOException {
        byte[] first = Fixtures.encode(header(5, Instant.ofEpochMilli(2000)), Map.of());
        byte[] last = Fixtures.encode(header(6, Instant.ofEpochMilli(1000)), Map.of());
        assertThat(header(merge(List.of(first, last))).time()).isEqualTo(Instant.ofEpochMilli(1000));
    }

    @Test
    void i22DamageInAnyOfTheFilesIsFound() throws IOException {
        History history = new History(Fixtures.random("LtxMergeTest"));
        for (int step = 0; step < 4; step++) {
            history.step();
        }
        for (int i = 0; i < 4; i++) {
            List<byte[]> files = new ArrayList<>(history.files);
            byte[] damaged = files.get(i).clone();
            damaged[damaged.length - 1] ^= 1;
            files.set(i, damaged);
            assertThatThrownBy(() -> merge(files))
                    .isInstanceOf(LtxException.class)
                    .hasMessageStartingWith("file " + i);
        }
    }

    @Test
    void nothingCannotBeMerged() {
        assertThatThrownBy(() -> LtxMerge.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] merge(List<byte[]> files) throws IOException {
        List<LtxDecoder> decoders = new ArrayList<>();
        for (byte[] file : files) {
            decoders.add(LtxDecoder.open("file " + decoders.size(), new ByteArrayInputStream(file)));
        }
        LtxMerge merge = LtxMerge.of(decoders);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LtxEncoder encoder = new LtxEncoder(out, merge.header(), Fixtures.noScratch())) {
            merge.readTo(encoder);
            encoder.finish();
        }
        return out.toByteArray();
    }

    /** A file without a proof whose pages are filled with its TXID. */
    private static byte[] file(int txid, int commit, int... numbers) throws IOException {
        Map<Integer, byte[]> pages = new TreeMap<>();
        for (int number : numbers) {
            byte[] page = new byte[PAGE_SIZE];
            page[0] = (byte) txid;
            pages.put(number, page);
        }
        LtxHeader header = LtxHeader.of(
                new PageSize(PAGE_SIZE), commit, TxidRange.of(new Txid(txid)), Instant.EPOCH, Optional.empty());
        return Fixtures.encode(header, pages);
    }

    private static LtxHeader header(int txid, Instant time) {
        return LtxHeader.of(new PageSize(PAGE_SIZE), 3, TxidRange.of(new Txid(txid)), time, Optional.empty());
    }

    private static LtxHeader header(byte[] file) throws IOException {
        return LtxHeader.read("merged", new ByteArrayInputStream(file));
    }
}
