package dev.runnel.capture;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages by number, the newest version of each: the first few megabytes in memory, the rest in a scratch file that is
 * never synced and goes when the store is cleared.
 */
final class PageStore implements Closeable {
    private static final int MEMORY_LIMIT = 4 << 20;
    private static final int BLOCK = 1 << 16;

    private final Disk disk;
    private final Path scratch;
    private final int pageSize;
    private final int pagesInBlock;
    private final int pagesInMemory;
    private final IntMap slots = new IntMap();
    private final List<byte[]> blocks = new ArrayList<>();
    private @Nullable DiskFile file;
    private int slotsUsed;

    PageStore(Disk disk, Path scratch, int pageSize) {
        this.disk = disk;
        this.scratch = scratch;
        this.pageSize = pageSize;
        this.pagesInBlock = BLOCK / pageSize;
        this.pagesInMemory = MEMORY_LIMIT / pageSize;
    }

    int size() {
        return slots.size();
    }

    /** Bytes of the pages put so far. */
    long bytes() {
        return (long) slotsUsed * pageSize;
    }

    boolean contains(int page) {
        return slots.contains(page);
    }

    void put(int page, byte[] data, int offset) throws IOException {
        int slot = slots.get(page);
        if (slot == IntMap.ABSENT) {
            slot = slotsUsed;
            write(slot, data, offset);
            slotsUsed++;
            slots.put(page, slot);
        } else {
            write(slot, data, offset);
        }
    }

    private void write(int slot, byte[] data, int offset) throws IOException {
        if (slot >= pagesInMemory) {
            scratchFile().write(ByteBuffer.wrap(data, offset, pageSize), (long) (slot - pagesInMemory) * pageSize);
            return;
        }
        if (slot / pagesInBlock == blocks.size()) {
            blocks.add(new byte[BLOCK]);
        }
        System.arraycopy(data, offset, blocks.get(slot / pagesInBlock), slot % pagesInBlock * pageSize, pageSize);
    }

    /** Copies a page that is there. */
    void read(int page, byte[] into, int offset) throws IOException {
        int slot = slots.get(page);
        if (slot == IntMap.ABSENT) {
            throw new IllegalStateException("page " + page + " is not in the store");
        }
        if (slot < pagesInMemory) {
            System.arraycopy(blocks.get(slot / pagesInBlock), slot % pagesInBlock * pageSize, into, offset, pageSize);
            return;
        }
        int found =
                scratchFile().read(ByteBuffer.wrap(into, offset, pageSize), (long) (slot - pagesInMemory) * pageSize);
        if (found < pageSize) {
            throw new IOException(scratch + ": ends within page " + page);
        }
    }

    private DiskFile scratchFile() throws IOException {
        if (file == null) {
            disk.delete(scratch);
            file = disk.create(scratch);
        }
        return file;
    }

    void removeAbove(int page) {
        slots.removeAbove(page);
    }

    int[] sortedPages() {
        return slots.sortedKeys();
    }

    void clear() throws IOException {
        slots.clear();
        slotsUsed = 0;
        blocks.clear();
        close();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
            disk.delete(scratch);
        }
    }
}
