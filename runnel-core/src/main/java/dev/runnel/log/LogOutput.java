package dev.runnel.log;

import dev.runnel.ltx.Crc64;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes the LTX bytes of a new file and counts and sums them. The last chunk it was given is held back until the footer
 * comes, so that a small change set is one write.
 */
final class LogOutput extends OutputStream {
    /** By syncing now and then, the writer never blocks for long at the end. */
    private static final int SYNC_EVERY = 4 << 20;

    private final DiskFile file;
    private byte[] held = new byte[0];
    private long written;
    private long synced;
    private long checksum;

    LogOutput(DiskFile file) {
        this.file = file;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        writeHeld();
        held = Arrays.copyOfRange(bytes, offset, offset + length);
        checksum = Crc64.update(checksum, bytes, offset, length);
    }

    /** Writes what is held, and the footer after it. */
    LogFooter finish(SourcePosition at) throws IOException {
        LogFooter footer = new LogFooter(written + held.length, checksum, at);
        int length = held.length;
        held = Arrays.copyOf(held, length + LogFooter.SIZE);
        System.arraycopy(footer.toBytes(), 0, held, length, LogFooter.SIZE);
        writeHeld();
        return footer;
    }

    private void writeHeld() throws IOException {
        if (held.length > 0) {
            file.write(ByteBuffer.wrap(held), written);
            written += held.length;
        }
        if (written - synced >= SYNC_EVERY) {
            file.sync();
            synced = written;
        }
    }
}
