package dev.runnel.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Takes bytes and compares them with those of a stream, so that contents larger than the heap can be compared. */
public final class ComparingOutput extends OutputStream {
    private final InputStream expected;
    private long position;

    public ComparingOutput(InputStream expected) {
        this.expected = expected;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        byte[] other = expected.readNBytes(length);
        if (!Arrays.equals(bytes, offset, offset + length, other, 0, other.length)) {
            assertThat(Arrays.copyOfRange(bytes, offset, offset + length))
                    .as("the %d bytes from %d", length, position)
                    .isEqualTo(other);
        }
        position += length;
    }
}
