package dev.runnel.testkit.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;

/**
 * The checksum of a database, computed from {@code docs/formats.md} alone: nothing here comes from the code it judges. The
 * database is that of the pages that were added, the lock page not among them.
 */
public final class DatabaseSum {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;

    private long sum;

    /** The checksum of a database of these pages. */
    public static long of(SortedMap<Integer, byte[]> pages) {
        DatabaseSum sum = new DatabaseSum();
        pages.forEach((number, page) -> sum.add(number, ofPage(number, page)));
        return sum.value();
    }

    /** The checksum of one page: XXH64 with the page number as seed, without the tail that no page has. */
    public static long ofPage(int number, byte[] page) {
        long[] lanes = {number + P1 + P2, number + P2, number, number - P1};
        ByteBuffer in = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        for (int word = 0; in.hasRemaining(); word++) {
            lanes[word % 4] = round(lanes[word % 4], in.getLong());
        }
        long hash = 0;
        int[] turns = {1, 7, 12, 18};
        for (int lane = 0; lane < 4; lane++) {
            hash += Long.rotateLeft(lanes[lane], turns[lane]);
        }
        for (long lane : lanes) {
            hash = (hash ^ round(0, lane)) * P1 + P4;
        }
        hash += page.length;
        hash = (hash ^ hash >>> 33) * P2;
        hash = (hash ^ hash >>> 29) * P3;
        return Crc64.FLAG | (hash ^ hash >>> 32);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * P2, 31) * P1;
    }

    /** Adds one page by its checksum. */
    public void add(int number, long pageChecksum) {
        long mixed = pageChecksum + 0x9E3779B97F4A7C15L * number;
        mixed ^= mixed >>> 30;
        mixed *= 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 27;
        mixed *= 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        sum += mixed;
    }

    public long value() {
        return Crc64.FLAG | sum;
    }
}
