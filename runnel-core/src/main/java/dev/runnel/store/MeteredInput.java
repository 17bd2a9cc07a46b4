package dev.runnel.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read. */
final class MeteredInput extends FilterInputStream {
    private final OperationMeter meter;

    MeteredInput(OperationMeter meter, InputStream in) {
        super(in);
        this.meter = meter;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = meter.part(() -> in.read(into, offset, length));
        meter.moved(Math.max(0, count));
        return count;
    }
}
