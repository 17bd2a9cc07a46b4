package dev.runnel.ltx;

/** Unsigned LEB128 numbers, seven bits a byte, lowest first. */
final class Varint {
    /** A page index entry is never longer than this: three numbers of at most 63 bits. */
    static final int MAX_ENTRY_SIZE = 27;

    private Varint() {}

    /** Writes a number and gives the place after it. */
    static int put(byte[] into, int at, long value) {
        int next = at;
        long rest = value;
        while (rest >= 0x80) {
            into[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        into[next++] = (byte) rest;
        return next;
    }

    /** Writes a page index entry and gives the place after it. */
    static int putEntry(byte[] into, int at, int number, long offset, int size) {
        return put(into, put(into, put(into, at, number), offset), size);
    }
}
