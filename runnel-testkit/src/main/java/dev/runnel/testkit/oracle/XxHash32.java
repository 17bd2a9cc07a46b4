package dev.runnel.testkit.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** xxHash32 with seed 0: the content checksum of LZ4 frames. */
final class XxHash32 {
    private static final int P1 = 0x9E3779B1;
    private static final int P2 = 0x85EBCA77;
    private static final int P1_PLUS_P2 = 0x24234428;
    private static final int P3 = 0xC2B2AE3D;
    private static final int P4 = 0x27D4EB2F;
    private static final int P5 = 0x165667B1;

    private XxHash32() {}

    static int of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int hash = P5;
        if (bytes.length >= 16) {
            int[] lanes = {P1_PLUS_P2, P2, 0, -P1};
            while (in.remaining() >= 16) {
                for (int i = 0; i < 4; i++) {
                    lanes[i] = Integer.rotateLeft(lanes[i] + in.getInt() * P2, 13) * P1;
                }
            }
            hash = Integer.rotateLeft(lanes[0], 1)
                    + Integer.rotateLeft(lanes[1], 7)
                    + Integer.rotateLeft(lanes[2], 12)
                    + Integer.rotateLeft(lanes[3], 18);
        }
        hash += bytes.length;
        while (in.remaining() >= 4) {
            hash = Integer.rotateLeft(hash + in.getInt() * P3, 17) * P4;
        }
        while (in.hasRemaining()) {
            hash = Integer.rotateLeft(hash + (in.get() & 0xff) * P5, 11) * P1;
        }
        hash = (hash ^ hash >>> 15) * P2;
        hash = (hash ^ hash >>> 13) * P3;
        return hash ^ hash >>> 16;
    }
}
