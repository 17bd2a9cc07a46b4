package dev.runnel.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchBitsTest {
    @TempDir
    private Path folder;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(ints = {100, 40_000, 90_000_000})
    void i48IsTheSameSetInMemoryAndOnDisk(int highest) throws IOException {
        for (long bytes : new long[] {0, 1 << 20}) {
            BitSet expected = new BitSet();
            try (ScratchBits bits = new ScratchBits(this::create, new MemoryBudget(bytes))) {
                for (int round = 0; round < 4; round++) {
                    change(bits, expected, highest);
                    assertSame(bits, expected, highest);
                }
            }
            Files.deleteIfExists(folder.resolve("bits"));
        }
    }

    private void change(ScratchBits bits, BitSet expected, int highest) throws IOException {
        for (int i = 0; i < 5_000; i++) {
            int number = random.nextInt(highest);
            assertThat(bits.add(number)).as("%d, seed %d", number, seed).isEqualTo(!expected.get(number));
            expected.set(number);
            int other = random.nextInt(highest);
            bits.remove(other);
            expected.clear(other);
        }
        int first = highest / 2 + random.nextInt(highest / 2);
        bits.removeFrom(first);
        expected.clear(first, highest);
    }

    private void assertSame(ScratchBits bits, BitSet expected, int highest) throws IOException {
        assertThat(bits.size()).as("size, seed %d", seed).isEqualTo(expected.cardinality());
        for (int number = expected.nextSetBit(0); number >= 0; number = expected.nextSetBit(number + 1)) {
            assertThat(bits.contains(number)).as("%d, seed %d", number, seed).isTrue();
        }
        for (int i = 0; i < 2_000; i++) {
            int number = random.nextInt(highest);
            assertThat(bits.contains(number)).as("%d, seed %d", number, seed).isEqualTo(expected.get(number));
        }
    }

    private DiskFile create() throws IOException {
        return Disk.system().create(folder.resolve("bits"));
    }
}
