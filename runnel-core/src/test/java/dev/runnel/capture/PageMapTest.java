package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.platform.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PageMapTest {
    @TempDir
    private Path folder;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(ints = {500, 5_000, 200_000, 50_000_000})
    void i48IsTheSameMapInMemoryAndOnDiskWithAndWithoutABudget(int highest) throws IOException {
        for (long bytes : new long[] {0, 600_000, 8 << 20}) {
            MemoryBudget budget = new MemoryBudget(bytes);
            NavigableMap<Integer, Integer> expected = new TreeMap<>();
            try (PageMap map = new PageMap(scratch(), budget)) {
                for (int round = 0; round < 6; round++) {
                    change(map, expected, highest);
                    assertSame(map, expected, highest);
                }
                map.clear();
                assertSame(map, new TreeMap<>(), highest);
                assertThat(budget.left()).as("budget after clear").isEqualTo(bytes);
                expected.clear();
                change(map, expected, highest);
                assertSame(map, expected, highest);
            }
            assertThat(budget.left()).as("budget").isEqualTo(bytes);
            assertThat(Disk.system().list(folder)).as("scratch files").isEmpty();
        }
    }

    private void change(PageMap map, NavigableMap<Integer, Integer> expected, int highest) throws IOException {
        for (int i = 0; i < 12_000; i++) {
            int page = 1 + random.nextInt(highest);
            int value = random.nextInt(Integer.MAX_VALUE);
            map.put(page, value);
            expected.put(page, value);
        }
        int limit = highest / 2 + random.nextInt(highest / 2);
        map.removeAbove(limit);
        expected.tailMap(limit, false).clear();
    }

    private void assertSame(PageMap map, NavigableMap<Integer, Integer> expected, int highest) throws IOException {
        List<Integer> pages = new ArrayList<>();
        map.forEachPage(pages::add);
        assertThat(pages).as("pages, seed %d", seed).containsExactlyElementsOf(expected.keySet());
        for (int i = 0; i < 2_000; i++) {
            int page = 1 + random.nextInt(highest);
            assertThat(map.get(page))
                    .as("page %d, seed %d", page, seed)
                    .isEqualTo(expected.getOrDefault(page, PageMap.ABSENT));
        }
        expected.forEach((page, value) ->
                assertThat(get(map, page)).as("page %d, seed %d", page, seed).isEqualTo(value));
    }

    @Test
    void i48AHundredMillionPagesTakeNoMoreMemoryThanAMillion() throws IOException {
        MemoryBudget budget = new MemoryBudget(1 << 20);
        try (PageMap map = new PageMap(scratch(), budget)) {
            for (int page = 1; page <= 2_000_000; page++) {
                map.put(page * 50, page);
            }
            assertThat(map.get(100_000_000)).isEqualTo(2_000_000);
            assertThat(map.get(99_999_999)).isEqualTo(PageMap.ABSENT);
            assertThat((1 << 20) - budget.left())
                    .as("bytes of the budget in use")
                    .isLessThan(300_000);
        }
    }

    private Scratch scratch() {
        return Scratch.at(Disk.system(), folder.resolve("map.tmp"));
    }

    private static int get(PageMap map, int page) {
        try {
            return map.get(page);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
