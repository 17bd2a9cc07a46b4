package dev.runnel.ltx;

/**
 * The database checksum of the LTX format itself: the XOR of a CRC of each page, the lock page left out. It is in the
 * trailer of files with tracked checksums, which other programs write. It is checked there and used for nothing else,
 * because it does not see the same bits changed in two pages.
 */
final class TrackedChecksum {
    /** Of a database without pages. */
    static final long EMPTY = Checksums.FLAG;

    private TrackedChecksum() {}

    /** A checksum with one page put in. */
    static long with(long checksum, int number, byte[] data, int offset, int pageSize) {
        long page = Crc64.update(Crc64.updateInt(0, number), data, offset, pageSize);
        return Checksums.FLAG | (checksum ^ page);
    }
}
