package dev.runnel.replica;

import dev.runnel.platform.ArrayInput;
import dev.runnel.platform.DiskFile;
import dev.runnel.store.Body;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** A file of this machine that holds an object while it is downloaded or uploaded. Closing it deletes it. */
public final class TempFile implements Body, Closeable {
    private static final int BUFFER_SIZE = 64 * 1024;

    private final DiskFile file;
    private long size;

    /** An empty file, closed with this. */
    public TempFile(DiskFile file) {
        this.file = file;
    }

    /** Adds to the end; flush it when all is written. */
    public OutputStream output() {
        return new BufferedOutputStream(new Output(), BUFFER_SIZE);
    }

    /** All of it, from the start. */
    public InputStream input() {
        return new Input();
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(size);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_SIZE];
        try (InputStream in = input()) {
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(ByteBuffer.wrap(bytes, offset, length), size);
            size += length;
        }
    }

    private final class Input extends ArrayInput {
        private long position;

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = file.read(ByteBuffer.wrap(into, offset, length), position);
            position += count;
            return count == 0 && length > 0 ? -1 : count;
        }
    }
}
