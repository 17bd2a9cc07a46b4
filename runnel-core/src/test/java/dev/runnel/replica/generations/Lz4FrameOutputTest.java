package dev.runnel.replica.generations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;

/** Frames, read by the library's own decoder of frames. */
class Lz4FrameOutputTest {
    private static final int BLOCK = 256 << 10;
    private static final int SEEDS = 60;

    @Test
    void whatIsWrittenIsReadAgainWhateverItsSizeAndContent() throws IOException {
        int[] sizes = {0, 1, 31, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 77};
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int size = seed < sizes.length ? sizes[seed] : random.nextInt(4 * BLOCK);
            byte[] content = content(size, random);

            byte[] frame = encode(content, random);

            assertThat(decode(frame)).as("seed %d, %d bytes", seed, size).isEqualTo(content);
        }
    }

    /** Half of it random, half of it repeated, in stretches: some blocks grow when they are compressed. */
    private static byte[] content(int size, Random random) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        for (int start = 0; start < size; start += 300_000) {
            if (random.nextBoolean()) {
                Arrays.fill(content, start, Math.min(size, start + 300_000), (byte) start);
            }
        }
        return content;
    }

    @Test
    void theHeaderSaysIndependentBlocksAndAChecksum() throws IOException {
        // LZ4 frame format 1.6: magic, FLG 0x64, BD 0x50, the second byte of the xxHash-32 of these two; end mark;
        // xxHash-32
        // of nothing.
        byte[] frame = encode(new byte[0], new Random(1));
        byte[] descriptor = {0x64, 0x50};
        int hash = XXHashFactory.safeInstance().hash32().hash(descriptor, 0, 2, 0);
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("04224d186450%02x".formatted((hash >> 8) & 0xff) + "00000000" + "055dcc02");
    }

    @Test
    void theSameContentGivesTheSameBytesHoweverItComes() throws IOException {
        byte[] content = content(3 * BLOCK, new Random(5));
        assertThat(encode(content, new Random(1))).isEqualTo(encode(content, new Random(2)));
    }

    private static byte[] encode(byte[] content, Random pieces) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Lz4FrameOutput out = new Lz4FrameOutput(bytes)) {
            for (int done = 0; done < content.length; ) {
                int count = 1 + pieces.nextInt(Math.min(100_000, content.length - done));
                out.write(content, done, count);
                done += count;
            }
            out.finish();
        }
        return bytes.toByteArray();
    }

    private static byte[] decode(byte[] frame) throws IOException {
        try (LZ4FrameInputStream in = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
            return in.readAllBytes();
        }
    }
}
