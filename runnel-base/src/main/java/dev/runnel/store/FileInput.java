package dev.runnel.store;

import dev.runnel.platform.ArrayInput;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Reads a range of a file. Closing it closes the file. */
final class FileInput extends ArrayInput {
    private final DiskFile file;
    private final FolderFaults faults;
    private final String key;
    private long position;
    private long left;

    FileInput(DiskFile file, ByteRange range, FolderFaults faults, String key) {
        this.file = file;
        this.faults = faults;
        this.key = key;
        this.position = range.offset();
        this.left = range.length();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws StoreException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        int wanted = (int) Math.min(length, left);
        if (wanted == 0) {
            return -1;
        }
        try {
            int count = file.read(ByteBuffer.wrap(into, offset, wanted), position);
            if (count == 0) {
                return -1;
            }
            position += count;
            left -= count;
            return count;
        } catch (IOException e) {
            throw faults.reading(key, e);
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            file.close();
        } catch (IOException e) {
            throw faults.reading(key, e);
        }
    }
}
