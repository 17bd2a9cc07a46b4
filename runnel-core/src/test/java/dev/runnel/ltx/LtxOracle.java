package dev.runnel.ltx;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * A second, slow reader of what Runnel writes, straight from the format's description and sharing no code with the real
 * one: its own LZ4, CRC and numbers, and another XXH64. Anything unexpected is an AssertionError or an index out of bounds.
 */
final class LtxOracle {
    private static final XXHash64 XXH64 = XXHashFactory.safeInstance().hash64();
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);

    final Map<Integer, byte[]> pages = new TreeMap<>();
    final long fileChecksum;
    final long databaseChecksum;

    private final byte[] file;
    private final ByteBuffer in;

    LtxOracle(byte[] file) {
        this.file = file;
        this.in = ByteBuffer.wrap(file);
        int pageSize = in.getInt(8);
        long crc = crc(0, file, 0, 100);
        List<Long> expectedIndex = new ArrayList<>();
        BigInteger database = BigInteger.ZERO;
        int at = 100;
        for (int number = in.getInt(at); number != 0; number = in.getInt(at)) {
            expect(1, in.getShort(at + 4), "page flags");
            int length = in.getInt(at + 6);
            byte[] page = lz4(at + 10, length, pageSize);
            crc = crc(crc(crc, file, at, 10), page, 0, pageSize);
            database = database.add(mixed(number, page));
            pages.put(number, page);
            expectedIndex.addAll(List.of((long) number, (long) at, 10L + length));
            at += 10 + length;
        }
        expect(0, in.getShort(at + 4), "end of pages");
        int indexStart = at + 6;
        int indexEnd = file.length - 24;
        expect(indexEnd - indexStart, in.getLong(indexEnd), "index size");
        expectedIndex.add(0L);
        if (!varints(indexStart, indexEnd).equals(expectedIndex)) {
            throw new AssertionError("index " + varints(indexStart, indexEnd) + ", expected " + expectedIndex);
        }
        expect(0, in.getLong(file.length - 16), "database checksum in the trailer");
        this.fileChecksum = crc(crc, file, at, file.length - 8 - at) | Long.MIN_VALUE;
        this.databaseChecksum = database.longValue() | Long.MIN_VALUE;
        expect(fileChecksum, in.getLong(file.length - 8), "file checksum");
    }

    /** What a page adds to the checksum of the database, in numbers that do not overflow. */
    private static BigInteger mixed(int number, byte[] page) {
        BigInteger checksum = BigInteger.valueOf(XXH64.hash(page, 0, page.length, number))
                .mod(WORD)
                .setBit(63);
        BigInteger z = checksum.add(new BigInteger("9e3779b97f4a7c15", 16).multiply(BigInteger.valueOf(number)))
                .mod(WORD);
        z = z.xor(z.shiftRight(30))
                .multiply(new BigInteger("bf58476d1ce4e5b9", 16))
                .mod(WORD);
        z = z.xor(z.shiftRight(27))
                .multiply(new BigInteger("94d049bb133111eb", 16))
                .mod(WORD);
        return z.xor(z.shiftRight(31));
    }

    private static long crc(long start, byte[] bytes, int offset, int length) {
        long state = ~start;
        for (int i = offset; i < offset + length; i++) {
            state ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                state = (state & 1) == 0 ? state >>> 1 : (state >>> 1) ^ 0xD800000000000000L;
            }
        }
        return ~state;
    }

    private List<Long> varints(int from, int to) {
        List<Long> numbers = new ArrayList<>();
        int at = from;
        while (at < to) {
            long value = 0;
            int shift = 0;
            while (file[at] < 0) {
                value |= (file[at++] & 0x7fL) << shift;
                shift += 7;
            }
            numbers.add(value | (long) file[at++] << shift);
        }
        return numbers;
    }

    private byte[] lz4(int from, int length, int size) {
        byte[] out = new byte[size];
        int to = from + length;
        int at = from;
        int filled = 0;
        while (at < to) {
            int token = file[at++] & 0xff;
            int literals = token >> 4;
            if (literals == 15) {
                int more;
                do {
                    more = file[at++] & 0xff;
                    literals += more;
                } while (more == 255);
            }
            System.arraycopy(file, at, out, filled, literals);
            at += literals;
            filled += literals;
            if (at == to) {
                break;
            }
            int distance = (file[at] & 0xff) | (file[at + 1] & 0xff) << 8;
            at += 2;
            int match = token & 15;
            if (match == 15) {
                int more;
                do {
                    more = file[at++] & 0xff;
                    match += more;
                } while (more == 255);
            }
            for (int i = 0; i < match + 4; i++, filled++) {
                out[filled] = out[filled - distance];
            }
        }
        expect(size, filled, "page size");
        return out;
    }

    private static void expect(long expected, long found, String what) {
        if (expected != found) {
            throw new AssertionError(what + ": " + found + ", expected " + expected);
        }
    }
}
