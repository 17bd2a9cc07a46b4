package dev.runnel.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Counts what is written, attempt for attempt. */
record MeteredBody(Body body, OperationMeter meter) implements Body {
    @Override
    public OptionalLong length() {
        return body.length();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        body.writeTo(new FilterOutputStream(out) {
            @Override
            public void write(int octet) throws IOException {
                out.write(octet);
                meter.moved(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                meter.moved(length);
            }
        });
    }
}
