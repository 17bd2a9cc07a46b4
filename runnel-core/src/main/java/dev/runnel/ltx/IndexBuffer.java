package dev.runnel.ltx;

import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The page index of a file in the making. It comes after the pages, so it has to be kept until then: encoded, in memory up
 * to a limit, on disk beyond it.
 */
final class IndexBuffer implements Closeable {
    /** Enough for a hundred thousand pages; a change set rarely has more, a large snapshot does. */
    static final int MEMORY_LIMIT = 1 << 20;

    private static final int FIRST_SIZE = 1024;

    /** Takes bytes. */
    interface Output {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    private final Scratch scratch;
    private final int memoryLimit;
    private byte[] bytes = new byte[FIRST_SIZE];
    private int used;
    private Optional<DiskFile> spill = Optional.empty();
    private long spilled;

    IndexBuffer(Scratch scratch, int memoryLimit) {
        this.scratch = scratch;
        this.memoryLimit = memoryLimit;
    }

    void add(int number, long offset, int size) throws IOException {
        if (bytes.length - used < Varint.MAX_ENTRY_SIZE) {
            makeRoom();
        }
        used = Varint.putEntry(bytes, used, number, offset, size);
    }

    /** Length of all entries in bytes. */
    long size() {
        return spilled + used;
    }

    void writeTo(Output out) throws IOException {
        if (spill.isPresent()) {
            copySpilled(spill.get(), out);
        }
        out.write(bytes, 0, used);
    }

    @Override
    public void close() throws IOException {
        if (spill.isPresent()) {
            DiskFile file = spill.get();
            spill = Optional.empty();
            file.close();
        }
    }

    private void makeRoom() throws IOException {
        if (bytes.length < memoryLimit) {
            bytes = Arrays.copyOf(bytes, Math.min(bytes.length * 2, memoryLimit));
            return;
        }
        if (spill.isEmpty()) {
            spill = Optional.of(scratch.create());
        }
        spill.get().write(ByteBuffer.wrap(bytes, 0, used), spilled);
        spilled += used;
        used = 0;
    }

    private void copySpilled(DiskFile file, Output out) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        for (long at = 0; at < spilled; ) {
            int wanted = (int) Math.min(chunk.length, spilled - at);
            int read = file.read(ByteBuffer.wrap(chunk, 0, wanted), at);
            if (read != wanted) {
                throw new IOException("the scratch file of a page index ends at " + (at + read) + ", not " + spilled);
            }
            out.write(chunk, 0, read);
            at += read;
        }
    }
}
