package dev.runnel.log;

import dev.runnel.platform.ArrayInput;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The first bytes of a file as a stream, up to a length. It does not close the file. */
final class LogInput extends ArrayInput {
    private final DiskFile file;
    private final long end;
    private long position;

    LogInput(DiskFile file, long length) {
        this.file = file;
        this.end = length;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        int wanted = (int) Math.min(length, end - position);
        if (length == 0) {
            return 0;
        }
        int got = file.read(ByteBuffer.wrap(into, offset, wanted), position);
        position += got;
        return got == 0 ? -1 : got;
    }
}
