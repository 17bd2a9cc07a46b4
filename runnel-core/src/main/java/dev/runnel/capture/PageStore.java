package dev.runnel.capture;

import dev.runnel.ledger.PageNumberSink;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.MemoryBudget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pages by number, the newest version of each: the first few megabytes in memory, as far as the budget allows, the rest in
 * a scratch file that is never synced and goes when the store is cleared.
 */
final class PageStore implements Closeable {
    private static final int MEMORY_LIMIT = 4 << 20;
    private static final int BLOCK = 1 << 16;

    private final Path path;
    private final Scratch scratch;
    private final MemoryBudget budget;
    private final int pageSize;
    private final int pagesInBlock;
    private final PageMap slots;
    private final List<byte[]> blocks = new ArrayList<>();
    private @Nullable DiskFile file;
    private int slotsUsed;

    /** How many pages are in memory once the first one is in the file. */
    private int pagesInMemory;

    PageStore(Disk disk, Path scratch, int pageSize) {
        this(disk, scratch, pageSize, MemoryBudget.shared());
    }

    PageStore(Disk disk, Path scratch, int pageSize, MemoryBudget budget) {
        this.path = scratch;
        this.scratch = Scratch.at(disk, scratch);
        this.budget = budget;
        this.pageSize = pageSize;
        this.pagesInBlock = BLOCK / pageSize;
        this.pagesInMemory = MEMORY_LIMIT / pageSize;
        this.slots = new PageMap(Scratch.at(disk, scratch.resolveSibling(scratch.getFileName() + "-slots")), budget);
    }

    /** Bytes of the pages put so far. */
    long bytes() {
        return (long) slotsUsed * pageSize;
    }

    boolean contains(int page) throws IOException {
        return slots.contains(page);
    }

    void put(int page, byte[] data, int offset) throws IOException {
        int slot = slots.get(page);
        if (slot == PageMap.ABSENT) {
            slot = slotsUsed;
            write(slot, data, offset);
            slotsUsed++;
            slots.put(page, slot);
        } else {
            write(slot, data, offset);
        }
    }

    private void write(int slot, byte[] data, int offset) throws IOException {
        if (slot < pagesInMemory && slot / pagesInBlock == blocks.size()) {
            addBlock();
        }
        if (slot >= pagesInMemory) {
            scratchFile().write(ByteBuffer.wrap(data, offset, pageSize), (long) (slot - pagesInMemory) * pageSize);
            return;
        }
        System.arraycopy(data, offset, blocks.get(slot / pagesInBlock), slot % pagesInBlock * pageSize, pageSize);
    }

    private void addBlock() {
        if (budget.take(BLOCK)) {
            blocks.add(new byte[BLOCK]);
        } else {
            pagesInMemory = blocks.size() * pagesInBlock;
        }
    }

    /** Copies a page of this store. */
    void read(int page, byte[] into, int offset) throws IOException {
        int slot = slots.get(page);
        if (slot == PageMap.ABSENT) {
            throw new IllegalStateException("page " + page + " is not in the store");
        }
        if (slot < pagesInMemory) {
            System.arraycopy(blocks.get(slot / pagesInBlock), slot % pagesInBlock * pageSize, into, offset, pageSize);
            return;
        }
        int found =
                scratchFile().read(ByteBuffer.wrap(into, offset, pageSize), (long) (slot - pagesInMemory) * pageSize);
        if (found < pageSize) {
            throw new IOException(path + ": ends within page " + page);
        }
    }

    private DiskFile scratchFile() throws IOException {
        DiskFile opened = file;
        if (opened == null) {
            opened = scratch.create();
            file = opened;
        }
        return opened;
    }

    void removeAbove(int page) throws IOException {
        slots.removeAbove(page);
    }

    /** Gives the numbers of all pages in ascending order. The store must not be changed before it returns. */
    void forEachPage(PageNumberSink sink) throws IOException {
        slots.forEachPage(sink);
    }

    void clear() throws IOException {
        close();
    }

    /** Removes all pages; the store may be used again. */
    @Override
    public void close() throws IOException {
        budget.giveBack((long) blocks.size() * BLOCK);
        blocks.clear();
        slotsUsed = 0;
        pagesInMemory = MEMORY_LIMIT / pageSize;
        DiskFile opened = file;
        file = null;
        try (slots) {
            if (opened != null) {
                opened.close();
            }
        }
    }
}
