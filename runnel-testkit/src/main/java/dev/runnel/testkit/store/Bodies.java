package dev.runnel.testkit.store;

import dev.runnel.store.Body;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;

/** Bodies for tests. */
public final class Bodies {
    private static final int CHUNK = 64 * 1024;

    private Bodies() {}

    /** A body that writes its bytes. */
    @FunctionalInterface
    public interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    public static Body of(byte[] content) {
        return of(OptionalLong.of(content.length), out -> out.write(content));
    }

    public static Body of(String content) {
        return of(content.getBytes(StandardCharsets.UTF_8));
    }

    /** A body of unknown length. */
    public static Body written(Writer writer) {
        return of(OptionalLong.empty(), writer);
    }

    public static Body of(OptionalLong length, Writer writer) {
        return new Body() {
            @Override
            public OptionalLong length() {
                return length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                writer.writeTo(out);
            }
        };
    }

    /** Random bytes, never held as a whole; the same for the same seed. */
    public static Body random(long size, long seed) {
        return of(OptionalLong.of(size), out -> {
            Random random = new Random(seed);
            byte[] chunk = new byte[CHUNK];
            for (long left = size; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        });
    }

    /** Writes some of the content, then fails with this fault. */
    public static Body failing(byte[] content, int writtenBefore, IOException fault) {
        return of(OptionalLong.of(content.length), out -> {
            out.write(content, 0, writtenBefore);
            out.flush();
            throw fault;
        });
    }
}
