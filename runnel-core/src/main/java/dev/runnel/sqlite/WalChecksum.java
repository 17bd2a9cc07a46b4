package dev.runnel.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The running checksum of a WAL: two 32-bit words, kept in one long (first word in the upper half). The words of the
 * input are read in the byte order that the WAL's magic names.
 */
public final class WalChecksum {
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private WalChecksum() {}

    static long pack(int first, int second) {
        return ((long) first << 32) | (second & 0xFFFFFFFFL);
    }

    static int first(long checksum) {
        return (int) (checksum >>> 32);
    }

    static int second(long checksum) {
        return (int) checksum;
    }

    /** Continues a checksum over bytes whose number is a multiple of eight. */
    public static long update(long checksum, byte[] data, int offset, int length, ByteOrder order) {
        return order == ByteOrder.LITTLE_ENDIAN
                ? updateLittle(checksum, data, offset, length)
                : updateBig(checksum, data, offset, length);
    }

    private static long updateLittle(long checksum, byte[] data, int offset, int length) {
        int s0 = first(checksum);
        int s1 = second(checksum);
        for (int i = offset, end = offset + length; i < end; i += 8) {
            s0 += (int) LITTLE.get(data, i) + s1;
            s1 += (int) LITTLE.get(data, i + 4) + s0;
        }
        return pack(s0, s1);
    }

    private static long updateBig(long checksum, byte[] data, int offset, int length) {
        int s0 = first(checksum);
        int s1 = second(checksum);
        for (int i = offset, end = offset + length; i < end; i += 8) {
            s0 += (int) BIG.get(data, i) + s1;
            s1 += (int) BIG.get(data, i + 4) + s0;
        }
        return pack(s0, s1);
    }
}
