package dev.runnel.ltx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * CRC-64/GO-ISO, the checksum of LTX: reflected polynomial x^64 + x^4 + x^3 + x + 1, all ones before and after.
 *
 * <p>Data is folded eight bytes at a time without big tables. The polynomial has so few terms that multiplying by x^64
 * modulo it takes a few shifts: x^64 = x^4 + x^3 + x + 1. Squaring is linear over GF(2), so x^256 = x^16 + x^12 + x^4 + 1
 * is as cheap. Bits are reflected, so multiplying by x is a shift to the right; what falls out on the right is a
 * multiple of x^64 and is folded in again. Four independent lanes hide the latency of one.
 */
public final class Crc64 {
    private static final long POLYNOMIAL = 0xD800000000000000L;
    private static final long ONE = 1L << 63;
    private static final long X_TO_8 = ONE >>> 8;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long[] TABLE = table();

    private Crc64() {}

    /**
     * The checksum of some bytes that follow those that gave {@code crc}; 0 is the checksum of nothing.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public static long update(long crc, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = offset + length;
        int at = offset;
        long state = ~crc;
        if (length >= 64) {
            int words = length & -32;
            state = foldLanes(state, bytes, offset, offset + words);
            at += words;
        }
        for (; at + 8 <= end; at += 8) {
            state = timesX64(state ^ word(bytes, at));
        }
        for (; at < end; at++) {
            state = step(state, bytes[at]);
        }
        return ~state;
    }

    /** Like {@link #update} of the four bytes of a number, highest first. */
    static long updateInt(long crc, int value) {
        long state = ~crc;
        state = step(state, value >>> 24);
        state = step(state, value >>> 16);
        state = step(state, value >>> 8);
        return ~step(state, value);
    }

    /**
     * What {@link #join} needs to know of the length of the second part. Takes some microseconds, so it is worth keeping.
     *
     * @param length of it in bytes
     */
    static long shift(long length) {
        long power = ONE;
        long factor = X_TO_8;
        for (long left = length; left > 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = times(power, factor);
            }
            factor = times(factor, factor);
        }
        return power;
    }

    /**
     * The checksum of two parts from those of each: appending bytes multiplies what was there by a power of x.
     *
     * @param shift of the second part
     */
    static long join(long first, long shift, long second) {
        return times(first, shift) ^ second;
    }

    /** The product of two polynomials modulo that of the checksum. */
    private static long times(long a, long b) {
        long product = 0;
        long shifted = b;
        for (int bit = 63; bit >= 0; bit--) {
            product ^= shifted & -((a >>> bit) & 1);
            shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
        }
        return product;
    }

    /** Folds a multiple of 32 bytes, four words at a time. */
    private static long foldLanes(long state, byte[] bytes, int from, int end) {
        long a = state ^ word(bytes, from);
        long b = word(bytes, from + 8);
        long c = word(bytes, from + 16);
        long d = word(bytes, from + 24);
        for (int at = from + 32; at < end; at += 32) {
            a = timesX256(a) ^ word(bytes, at);
            b = timesX256(b) ^ word(bytes, at + 8);
            c = timesX256(c) ^ word(bytes, at + 16);
            d = timesX256(d) ^ word(bytes, at + 24);
        }
        return timesX64(timesX64(timesX64(timesX64(a) ^ b) ^ c) ^ d);
    }

    private static long timesX64(long v) {
        long out = (v << 63) ^ (v << 61) ^ (v << 60);
        return v ^ (v >>> 1) ^ (v >>> 3) ^ (v >>> 4) ^ out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4);
    }

    private static long timesX256(long v) {
        long out = (v << 60) ^ (v << 52) ^ (v << 48);
        return v ^ (v >>> 4) ^ (v >>> 12) ^ (v >>> 16) ^ out ^ (out >>> 1) ^ (out >>> 3) ^ (out >>> 4);
    }

    private static long step(long state, int value) {
        return TABLE[(int) (state ^ value) & 0xff] ^ (state >>> 8);
    }

    private static long word(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }

    private static long[] table() {
        long[] table = new long[256];
        for (int i = 0; i < table.length; i++) {
            long c = i;
            for (int bit = 0; bit < 8; bit++) {
                c = (c & 1) == 0 ? c >>> 1 : (c >>> 1) ^ POLYNOMIAL;
            }
            table[i] = c;
        }
        return table;
    }
}
