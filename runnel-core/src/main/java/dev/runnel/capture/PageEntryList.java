package dev.runnel.capture;

import dev.runnel.ledger.PageEntries;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Page numbers and checksums in the order in which they were added: the newest few thousand in memory, the others on disk. */
final class PageEntryList implements PageEntries, Closeable {
    private static final int ENTRY_SIZE = Integer.BYTES + Long.BYTES;
    private static final int ENTRIES_IN_MEMORY = 5000;
    private static final int FIRST_SIZE = 64 * ENTRY_SIZE;
    private static final int MEMORY_LIMIT = ENTRIES_IN_MEMORY * ENTRY_SIZE;

    private final Scratch scratch;
    private ByteBuffer newest = ByteBuffer.allocate(FIRST_SIZE);
    private Optional<DiskFile> spill = Optional.empty();
    private long spilled;

    PageEntryList(Scratch scratch) {
        this.scratch = scratch;
    }

    void add(int page, long checksum) throws IOException {
        if (!newest.hasRemaining()) {
            makeRoom();
        }
        newest.putInt(page).putLong(checksum);
    }

    boolean isEmpty() {
        return spilled == 0 && newest.position() == 0;
    }

    private void makeRoom() throws IOException {
        if (newest.capacity() < MEMORY_LIMIT) {
            ByteBuffer larger = ByteBuffer.allocate(Math.min(2 * newest.capacity(), MEMORY_LIMIT));
            newest = larger.put(newest.flip());
            return;
        }
        if (spill.isEmpty()) {
            spill = Optional.of(scratch.create());
        }
        spill.get().write(newest.flip(), spilled);
        spilled += newest.limit();
        newest.clear();
    }

    /** Nothing may be added before it returns. */
    @Override
    public void forEach(Sink sink) throws IOException {
        if (spill.isPresent()) {
            ByteBuffer chunk = ByteBuffer.allocate(MEMORY_LIMIT);
            for (long at = 0; at < spilled; at += MEMORY_LIMIT) {
                int length = spill.get().read(chunk.clear(), at);
                if (length < MEMORY_LIMIT) {
                    throw new IOException(
                            "the scratch file of changed pages ends at " + (at + length) + ", not " + spilled);
                }
                give(chunk.flip(), sink);
            }
        }
        give(newest.duplicate().flip(), sink);
    }

    private static void give(ByteBuffer entries, Sink sink) throws IOException {
        while (entries.hasRemaining()) {
            sink.entry(entries.getInt(), entries.getLong());
        }
    }

    @Override
    public void close() throws IOException {
        if (spill.isPresent()) {
            spill.get().close();
            spill = Optional.empty();
        }
    }
}
