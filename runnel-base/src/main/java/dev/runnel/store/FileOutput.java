package dev.runnel.store;

import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes a file from its beginning, small writes gathered. Faults of the disk come out as the store's own. */
final class FileOutput extends OutputStream {
    private static final int BUFFER_SIZE = 64 * 1024;

    private final DiskFile file;
    private final FolderFaults faults;
    private final String key;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
    private long written;

    FileOutput(DiskFile file, FolderFaults faults, String key) {
        this.file = file;
        this.faults = faults;
        this.key = key;
    }

    @Override
    public void write(int octet) throws StoreException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws StoreException {
        if (length > buffer.remaining()) {
            flush();
        }
        if (length > buffer.remaining()) {
            write(ByteBuffer.wrap(bytes, offset, length));
        } else {
            buffer.put(bytes, offset, length);
        }
    }

    /** Hands everything to the file; it is durable only after {@link DiskFile#sync}. */
    @Override
    public void flush() throws StoreException {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer bytes) throws StoreException {
        int length = bytes.remaining();
        try {
            file.write(bytes, written);
        } catch (IOException e) {
            throw faults.writing(key, e);
        }
        written += length;
    }
}
