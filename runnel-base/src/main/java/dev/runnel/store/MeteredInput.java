package dev.runnel.store;

import dev.runnel.platform.ArrayInput;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read. */
final class MeteredInput extends ArrayInput {
    private final OperationMeter meter;
    private final InputStream in;

    MeteredInput(OperationMeter meter, InputStream in) {
        this.meter = meter;
        this.in = in;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = meter.part(() -> in.read(into, offset, length));
        meter.moved(Math.max(0, count));
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
