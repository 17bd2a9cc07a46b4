package dev.runnel.s3;

import dev.runnel.store.StoreException;
import java.io.Closeable;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Takes the content of an object. What fits into one part is kept, to be put at once; of more, each part is sent when it
 * is full. Closed before it is complete, it takes everything back.
 */
final class Upload extends OutputStream implements Closeable {
    private static final int FIRST_BUFFER = 16 * 1024;

    /** Parts are as many bytes as are known to be needed, or twice as many after each so many. */
    private static final int PARTS_OF_ONE_SIZE = 1000;

    private static final long MOST_PARTS = 10_000;

    /** Starts an upload in parts. */
    @FunctionalInterface
    interface Parts {
        PartedUpload begin() throws StoreException;
    }

    private final Parts parts;
    private final boolean sizeIsKnown;
    private final boolean equalParts;
    private long partSize;
    private byte[] buffer;
    private int filled;
    private int sent;
    private Optional<PartedUpload> parted = Optional.empty();

    Upload(S3Settings settings, OptionalLong length, Parts parts) {
        this.parts = parts;
        this.sizeIsKnown = length.isPresent();
        this.equalParts = settings.connection().provider().wantsEqualParts();
        this.partSize = Math.max(settings.partSize(), Math.ceilDiv(length.orElse(0), MOST_PARTS));
        this.buffer = new byte[(int) Math.min(partSize, length.orElse(FIRST_BUFFER))];
    }

    @Override
    public void write(int octet) throws StoreException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws StoreException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == partSize) {
                send();
            }
            int count = (int) Math.min(left, partSize - filled);
            ensureRoom(filled + count);
            System.arraycopy(bytes, from, buffer, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    /** The whole content, if it fits into one part. */
    Optional<Content> small() {
        return parted.isPresent() ? Optional.empty() : Optional.of(new Content(buffer, filled));
    }

    /** Makes the object of the parts, which appears only now. */
    void complete(S3Requests.Condition condition) throws StoreException {
        if (filled > 0) {
            send();
        }
        parted.orElseThrow().complete(condition);
        parted = Optional.empty();
    }

    /** Takes back what was not completed. */
    @Override
    public void close() throws StoreException {
        if (parted.isPresent()) {
            parted.get().abort();
        }
    }

    private void send() throws StoreException {
        if (parted.isEmpty()) {
            parted = Optional.of(parts.begin());
        }
        parted.get().send(new Content(buffer, filled));
        filled = 0;
        sent++;
        if (!sizeIsKnown && !equalParts && sent % PARTS_OF_ONE_SIZE == 0) {
            partSize = Math.min(2 * partSize, 1L << 30);
        }
        buffer = parted.get().room((int) Math.min(partSize, buffer.length));
    }

    private void ensureRoom(int size) {
        if (size > buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(partSize, Math.max(size, 2L * buffer.length)));
        }
    }
}
