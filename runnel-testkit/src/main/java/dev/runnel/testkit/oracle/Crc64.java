package dev.runnel.testkit.oracle;

/** CRC-64/GO-ISO, a byte at a time: reflected 0xD800000000000000, begun and ended with all ones. */
final class Crc64 {
    /** Set in every checksum that is stored, so that 0 can mean "none". */
    static final long FLAG = 1L << 63;

    private static final long POLYNOMIAL = 0xD800000000000000L;
    private static final long[] TABLE = new long[256];

    static {
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 1 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
            }
            TABLE[i] = value;
        }
    }

    private long state = -1L;

    Crc64 add(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            state = TABLE[(int) (state ^ bytes[i]) & 0xff] ^ state >>> 8;
        }
        return this;
    }

    Crc64 add(byte[] bytes) {
        return add(bytes, 0, bytes.length);
    }

    /** The checksum as it is stored. */
    long stored() {
        return FLAG | ~state;
    }

    /** The stored checksum of one page of a database. */
    static long ofPage(int number, byte[] page) {
        byte[] prefix = {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
        return new Crc64().add(prefix).add(page).stored();
    }
}
