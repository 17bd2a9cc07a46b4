package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Changes with a structure, as applications make them: the same bits in several pages, pages that swap places, pages of
 * zeros, whole columns that get the same new value. Each has to change the checksum of the database, and of the pages that
 * it touches. Some are changes that a CRC, or an XOR of CRCs, provably does not see; that they are such is asserted, too.
 */
class StructuredChangesTest {
    private static final int PAGE_SIZE = 512;
    private static final int PAGES = 40;

    /** The polynomial of CRC-64/GO-ISO has five terms, of which the first is 64 bits before the last. */
    private static final byte CRC_BLIND_FIRST = 0x10;

    private static final byte CRC_BLIND_SECOND = 0x1B;

    private final Random random = Fixtures.random("StructuredChangesTest");

    @Test
    void i43TheSameBitsInAnyNumberOfPagesChangeTheChecksum() {
        for (int round = 0; round < 300; round++) {
            byte[][] before = database();
            byte[][] after = copy(before);
            byte[] bits = new byte[PAGE_SIZE];
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                bits[random.nextInt(PAGE_SIZE)] |= (byte) (1 << random.nextInt(8));
            }
            int pages = 1 + random.nextInt(PAGES);
            for (int page : random.ints(0, PAGES).distinct().limit(pages).toArray()) {
                flip(after[page], bits);
            }
            assertChangeIsSeen(before, after);
            assertThat(tracked(after) == tracked(before))
                    .as("an XOR of CRCs sees it only in an odd number of pages")
                    .isEqualTo(pages % 2 == 0);
        }
    }

    @Test
    void i43AColumnThatGetsOneValueInFullLeavesChangesTheChecksum() {
        for (int round = 0; round < 200; round++) {
            byte[][] before = database();
            int row = 7 + random.nextInt(40);
            int first = random.nextInt(row);
            int old = random.nextInt();
            fillColumn(before, first, row, old);
            byte[][] after = copy(before);
            fillColumn(after, first, row, old ^ (1 << random.nextInt(32)));
            assertChangeIsSeen(before, after);
            assertThat(tracked(after)).as("an XOR of CRCs").isEqualTo(tracked(before));
        }
    }

    @Test
    void i43TwoNumbersNextToEachOtherInOnePageChangeItsChecksum() {
        byte[] page = page();
        for (int at = 0; at + 9 <= PAGE_SIZE; at++) {
            byte[] changed = page.clone();
            changed[at] ^= CRC_BLIND_FIRST;
            changed[at + 8] ^= CRC_BLIND_SECOND;
            assertThat(Crc64.update(0, changed, 0, PAGE_SIZE))
                    .as("a CRC")
                    .isEqualTo(Crc64.update(0, page, 0, PAGE_SIZE));
            assertThat(Checksums.page(7, changed, 0, PAGE_SIZE)).isNotEqualTo(Checksums.page(7, page, 0, PAGE_SIZE));
        }
    }

    @Test
    void i43ChangesThatACrcDoesNotSeeAreSeenHoweverTheyAreCombined() {
        for (int round = 0; round < 500; round++) {
            byte[] page = page();
            byte[] changed = page.clone();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                int at = random.nextInt(PAGE_SIZE - 8);
                changed[at] ^= CRC_BLIND_FIRST;
                changed[at + 8] ^= CRC_BLIND_SECOND;
            }
            if (!Arrays.equals(page, changed)) {
                assertThat(Crc64.update(0, changed, 0, PAGE_SIZE)).isEqualTo(Crc64.update(0, page, 0, PAGE_SIZE));
                assertThat(Checksums.page(7, changed, 0, PAGE_SIZE))
                        .isNotEqualTo(Checksums.page(7, page, 0, PAGE_SIZE));
            }
        }
    }

    @Test
    void i43PagesThatSwapMoveRepeatOrAreZeroedChangeTheChecksum() {
        for (int round = 0; round < 300; round++) {
            byte[][] before = database();
            int one = random.nextInt(PAGES);
            int two = (one + 1 + random.nextInt(PAGES - 1)) % PAGES;
            before[one][0] = (byte) (before[two][0] + 1);
            before[two][1] |= 1;

            byte[][] swapped = copy(before);
            swapped[one] = before[two];
            swapped[two] = before[one];
            assertChangeIsSeen(before, swapped);

            byte[][] repeated = copy(before);
            repeated[one] = before[two];
            assertChangeIsSeen(before, repeated);

            byte[][] zeroed = copy(before);
            zeroed[one] = new byte[PAGE_SIZE];
            zeroed[two] = new byte[PAGE_SIZE];
            assertChangeIsSeen(before, zeroed);
            byte[][] moved = copy(zeroed);
            moved[one] = before[two];
            byte[][] atHome = copy(zeroed);
            atHome[two] = before[two];
            assertChangeIsSeen(atHome, moved);
        }
    }

    @Test
    void i43PagesThatAreAppendedOrCutOffChangeTheChecksum() {
        byte[] same = page();
        for (byte[] appended : new byte[][] {new byte[PAGE_SIZE], same}) {
            Set<Long> checksums = new HashSet<>();
            byte[][] database = {};
            for (int pages = 0; pages <= 300; pages++) {
                assertThat(checksums.add(checksum(database)))
                        .as("%d pages", pages)
                        .isTrue();
                database = Arrays.copyOf(database, pages + 1);
                database[pages] = appended;
            }
        }
    }

    @Test
    void i43TheChecksumOfTheNewestStateComesOfThePagesThatChanged() {
        for (int round = 0; round < 100; round++) {
            byte[][] before = database();
            byte[][] after = Arrays.copyOf(copy(before), 1 + random.nextInt(2 * PAGES));
            long rolling = checksum(before);
            for (int i = 0; i < Math.max(before.length, after.length); i++) {
                if (i >= after.length) {
                    rolling = Checksums.without(rolling, i + 1, ofPage(before, i));
                } else if (i >= before.length || random.nextInt(4) == 0) {
                    after[i] = page();
                    rolling = i < before.length ? Checksums.without(rolling, i + 1, ofPage(before, i)) : rolling;
                    rolling = Checksums.with(rolling, i + 1, ofPage(after, i));
                }
            }
            assertThat(rolling).isEqualTo(checksum(after));
        }
    }

    /**
     * Two of n checksums agree in 32 bits by chance with n^2 / 2^33 pairs. Changes with a structure must not do so more
     * often than that, in the upper as in the lower bits: that says of 64 bits what no test of 64 bits can.
     */
    @Test
    void i43StructuredChangesCollideNoMoreOftenThanRandomOnes() {
        byte[][] database = database();
        Set<Integer> upper = new HashSet<>();
        Set<Integer> lower = new HashSet<>();
        int states = 0;
        for (int column = 0; column < PAGE_SIZE; column += 8) {
            for (int value = 1; value < 64; value++) {
                for (int pages = 2; pages <= PAGES; pages += 2) {
                    long checksum = checksumWith(database, column, value, pages);
                    upper.add((int) (checksum >>> 31));
                    lower.add((int) checksum);
                    states++;
                }
            }
        }
        long expected = ((long) states * states) >>> 33;
        assertThat(expected).isLessThan(2);
        assertThat(states - upper.size()).as("of %d in the upper bits", states).isLessThan(20);
        assertThat(states - lower.size()).as("of %d in the lower bits", states).isLessThan(20);
    }

    /** A column of eight bytes gets a value in the first pages, and the pages after them stay. */
    private static long checksumWith(byte[][] database, int column, int value, int pages) {
        long checksum = Checksums.EMPTY;
        for (int i = 0; i < pages; i++) {
            byte[] page = database[i].clone();
            ByteBuffer bytes = ByteBuffer.wrap(page);
            bytes.putLong(column, bytes.getLong(column) ^ value);
            checksum = Checksums.with(checksum, i + 1, Checksums.page(i + 1, page, 0, PAGE_SIZE));
        }
        return checksum;
    }

    private static void assertChangeIsSeen(byte[][] before, byte[][] after) {
        assertThat(checksum(after)).isNotEqualTo(checksum(before));
        for (int i = 0; i < before.length; i++) {
            assertThat(ofPage(after, i) == ofPage(before, i))
                    .as("page %d", i + 1)
                    .isEqualTo(Arrays.equals(after[i], before[i]));
        }
    }

    private static long checksum(byte[][] database) {
        long checksum = Checksums.EMPTY;
        for (int i = 0; i < database.length; i++) {
            checksum = Checksums.with(checksum, i + 1, ofPage(database, i));
        }
        return checksum;
    }

    private static long ofPage(byte[][] database, int index) {
        return Checksums.page(index + 1, database[index], 0, PAGE_SIZE);
    }

    private static long tracked(byte[][] database) {
        long checksum = TrackedChecksum.EMPTY;
        for (int i = 0; i < database.length; i++) {
            checksum = TrackedChecksum.with(checksum, i + 1, database[i], 0, PAGE_SIZE);
        }
        return checksum;
    }

    /** A column of four bytes in rows of one length, in an even number of pages. */
    private static void fillColumn(byte[][] database, int first, int row, int value) {
        for (byte[] page : database) {
            ByteBuffer bytes = ByteBuffer.wrap(page);
            for (int at = first; at + 4 <= PAGE_SIZE; at += Math.max(row, 4)) {
                bytes.putInt(at, value);
            }
        }
    }

    private static void flip(byte[] page, byte[] bits) {
        for (int i = 0; i < page.length; i++) {
            page[i] ^= bits[i];
        }
    }

    private byte[][] database() {
        byte[][] database = new byte[PAGES][];
        Arrays.setAll(database, _ -> page());
        return database;
    }

    private byte[] page() {
        return Fixtures.page(random, PAGE_SIZE);
    }

    private static byte[][] copy(byte[][] database) {
        byte[][] copy = new byte[database.length][];
        Arrays.setAll(copy, i -> database[i].clone());
        return copy;
    }
}
