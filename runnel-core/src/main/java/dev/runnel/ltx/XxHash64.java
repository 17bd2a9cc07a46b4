package dev.runnel.ltx;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * XXH64, the 64-bit hash of xxHash, for inputs whose length is a multiple of 32 bytes, as every page size is. What XXH64
 * does with the last bytes of other lengths is therefore not here.
 */
final class XxHash64 {
    private static final int STRIPE = 32;
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    /**
     * The hash of some bytes.
     *
     * @param length a positive multiple of 32
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    static long of(long seed, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0 || length % STRIPE != 0) {
            throw new IllegalArgumentException("a hash of " + length + " bytes, not of a multiple of " + STRIPE);
        }
        long a = seed + P1 + P2;
        long b = seed + P2;
        long c = seed;
        long d = seed - P1;
        int end = offset + length;
        for (int at = offset; at < end; at += STRIPE) {
            a = round(a, word(bytes, at));
            b = round(b, word(bytes, at + 8));
            c = round(c, word(bytes, at + 16));
            d = round(d, word(bytes, at + 24));
        }
        long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        hash = merge(merge(merge(merge(hash, a), b), c), d);
        return avalanche(hash + length);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * P2, 31) * P1;
    }

    private static long merge(long hash, long lane) {
        return (hash ^ round(0, lane)) * P1 + P4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * P2;
        mixed = (mixed ^ (mixed >>> 29)) * P3;
        return mixed ^ (mixed >>> 32);
    }

    private static long word(byte[] bytes, int at) {
        return (long) WORD.get(bytes, at);
    }
}
