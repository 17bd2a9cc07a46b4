package dev.runnel.ltx;

/**
 * The checksums of LTX. All have their top bit set, so that 0 can mean "none".
 *
 * <p>The rolling checksum of a database is the XOR of the checksums of its pages, the lock page left out, so that it
 * follows a change of one page without reading the others.
 */
public final class Checksums {
    /** The bit that is set in every checksum. */
    public static final long FLAG = 1L << 63;

    /** The checksum of a database without pages. */
    public static final long EMPTY = FLAG;

    private Checksums() {}

    /** The checksum of one page: of its number and its bytes. */
    public static long page(int number, byte[] data, int offset, int pageSize) {
        return FLAG | Crc64.update(Crc64.updateInt(0, number), data, offset, pageSize);
    }

    /**
     * The same from the CRC of the bytes.
     *
     * @param shift of as many bytes as a page has, see {@link Crc64#shift}
     */
    static long page(int number, long crc, long shift) {
        return FLAG | Crc64.join(Crc64.updateInt(0, number), shift, crc);
    }

    /** A database checksum with one page checksum put in, or, if it was in already, taken out. */
    public static long with(long databaseChecksum, long pageChecksum) {
        return FLAG | (databaseChecksum ^ pageChecksum);
    }
}
