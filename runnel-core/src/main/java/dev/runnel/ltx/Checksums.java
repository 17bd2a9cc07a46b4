package dev.runnel.ltx;

/**
 * The checksums that Runnel keeps of a database: of each page, and of the whole. All have their top bit set, so that 0 can
 * mean "none". Both are specified in {@code docs/formats.md}.
 *
 * <p>They decide whether a page, or a database, has changed, so a change must never cancel. Therefore neither is linear: a
 * CRC does not see some changes of two adjacent numbers in one page, and an XOR of CRCs does not see the same bits changed
 * in two pages. {@code docs/decisions/a-checksum-that-does-not-cancel.md} has the argument.
 *
 * <p>The checksum of a database is the sum of a mix of the checksum and the number of each page, the lock page left out.
 * So it follows a change of one page without reading the others.
 */
public final class Checksums {
    /** The bit that is set in every checksum. */
    public static final long FLAG = 1L << 63;

    /** The checksum of a database without pages. */
    public static final long EMPTY = FLAG;

    /** The odd number next to 2^64 divided by the golden ratio: multiples of it are spread evenly over 64 bits. */
    private static final long NUMBER_FACTOR = 0x9E3779B97F4A7C15L;

    private Checksums() {}

    /** The checksum of one page: of its number and its bytes. */
    public static long page(int number, byte[] data, int offset, int pageSize) {
        return FLAG | XxHash64.of(number, data, offset, pageSize);
    }

    /** A database checksum with a page put in that was not in before. */
    public static long with(long databaseChecksum, int number, long pageChecksum) {
        return FLAG | (databaseChecksum + mix(number, pageChecksum));
    }

    /** A database checksum with a page taken out that was in before. */
    public static long without(long databaseChecksum, int number, long pageChecksum) {
        return FLAG | (databaseChecksum - mix(number, pageChecksum));
    }

    /** The checksum of the pages of two checksums that have no page in common. */
    public static long join(long first, long second) {
        return FLAG | (first + second);
    }

    /** The finalizer of SplitMix64. No bit of the result is a sum of bits of the argument. */
    private static long mix(int number, long pageChecksum) {
        if (number < 1 || pageChecksum >= 0) {
            throw new IllegalArgumentException(String.format("page %d, checksum %016x", number, pageChecksum));
        }
        long z = pageChecksum + number * NUMBER_FACTOR;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
