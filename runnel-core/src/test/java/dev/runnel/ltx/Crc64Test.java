package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {
    @Test
    void knownStringsGiveTheirKnownChecksums() {
        assertThat(of("")).isEqualTo(0);
        assertThat(of("a")).isEqualTo(0x3420000000000000L);
        assertThat(of("hello")).isEqualTo(0x3c3eeee2d8100000L);
        assertThat(of("123456789")).isEqualTo(0xb90956c775a41001L);
    }

    @Test
    void agreesWithTheDefinitionBitByBitAtEveryLengthAndAlignment() {
        Random random = Fixtures.random("Crc64Test");
        byte[] bytes = new byte[700];
        random.nextBytes(bytes);
        for (int length = 0; length <= 600; length++) {
            int offset = random.nextInt(100);
            long start = random.nextLong();
            assertThat(Crc64.update(start, bytes, offset, length)).isEqualTo(bitwise(start, bytes, offset, length));
        }
    }

    @Test
    void canBeTakenInPieces() {
        Random random = Fixtures.random("Crc64Test");
        byte[] bytes = new byte[5000];
        random.nextBytes(bytes);
        int cut = random.nextInt(bytes.length);
        long inTwo = Crc64.update(Crc64.update(0, bytes, 0, cut), bytes, cut, bytes.length - cut);
        assertThat(inTwo).isEqualTo(Crc64.update(0, bytes, 0, bytes.length));
    }

    @Test
    void twoPartsAreJoinedAsIfTheyHadBeenOne() {
        Random random = Fixtures.random("Crc64Test");
        byte[] bytes = new byte[70_000];
        random.nextBytes(bytes);
        for (int length : new int[] {0, 1, 7, 512, 4096, 4097, 65536}) {
            int from = 1 + random.nextInt(4000);
            long first = bitwise(0, bytes, 0, from);
            long second = bitwise(0, bytes, from, length);
            assertThat(Crc64.join(first, Crc64.shift(length), second))
                    .as("%d bytes after %d", length, from)
                    .isEqualTo(bitwise(0, bytes, 0, from + length));
        }
    }

    @Test
    void numberIsTakenHighestByteFirst() {
        byte[] bytes = {0x12, 0x34, (byte) 0xab, (byte) 0xcd};
        assertThat(Crc64.updateInt(77, 0x1234abcd)).isEqualTo(bitwise(77, bytes, 0, 4));
    }

    private static long of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Crc64.update(0, bytes, 0, bytes.length);
    }

    private static long bitwise(long crc, byte[] bytes, int offset, int length) {
        long state = ~crc;
        for (int i = offset; i < offset + length; i++) {
            state ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                state = (state & 1) == 0 ? state >>> 1 : (state >>> 1) ^ 0xD800000000000000L;
            }
        }
        return ~state;
    }
}
