package dev.runnel.store;

import java.io.IOException;
import java.io.OutputStream;

/** For stores: writes a body to a stream of the store's own, tells the body's faults from the store's, and holds it to its length. */
public final class BodyWriter {
    private BodyWriter() {}

    /**
     * Writes all of the body and returns its size.
     *
     * @param out fails with StoreExceptions only
     */
    public static long write(Body body, OutputStream out, String location, String key) throws StoreException {
        Counted counted = new Counted(out);
        try {
            body.writeTo(counted);
            counted.flush();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException.BodyFailed(location, key, e);
        }
        long length = body.length().orElse(counted.size);
        if (length != counted.size) {
            throw new StoreException.BodyFailed(
                    location,
                    key,
                    new IOException("it is " + length + " bytes long, but " + counted.size + " were read"));
        }
        return length;
    }

    private static final class Counted extends OutputStream {
        private final OutputStream out;
        private long size;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            out.write(octet);
            size++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            size += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
