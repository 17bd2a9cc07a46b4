package dev.runnel.platform;

import java.io.IOException;
import java.io.InputStream;

/** An input that is read by the array. A single byte is an array of one, so there is one way in and not two. */
public abstract class ArrayInput extends InputStream {
    @Override
    public abstract int read(byte[] into, int offset, int length) throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
}
