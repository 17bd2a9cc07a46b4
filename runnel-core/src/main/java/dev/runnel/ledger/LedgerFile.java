package dev.runnel.ledger;

import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * The bytes of a ledger: two header slots, then an array of entries. One block of the array is in memory at a time, which
 * is enough because entries are visited in page order; what else is worth keeping, the machine's page cache keeps.
 */
final class LedgerFile implements Closeable {
    /** Far enough apart that no device tears both in one write. */
    private static final int SLOT_SIZE = 4096;

    private static final long ENTRIES_AT = 2L * SLOT_SIZE;
    private static final int ENTRY_SIZE = 16;
    private static final int BLOCK_SIZE = 4096;
    private static final int ENTRIES_PER_BLOCK = BLOCK_SIZE / ENTRY_SIZE;
    private static final int NO_BLOCK = -1;

    private final DiskFile file;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_SIZE);
    private int blockIndex = NO_BLOCK;
    private boolean dirty;

    LedgerFile(DiskFile file) {
        this.file = file;
    }

    /** The checksum in a page's entry, 0 if it has none. */
    long checksum(int page) throws IOException {
        return block.getLong(seek(page));
    }

    /** The TXID in a page's entry, 0 if it has none. */
    long txid(int page) throws IOException {
        return block.getLong(seek(page) + Long.BYTES);
    }

    void set(int page, long checksum, long txid) throws IOException {
        int at = seek(page);
        block.putLong(at, checksum).putLong(at + Long.BYTES, txid);
        dirty = true;
    }

    /** Forgets the entries of all pages beyond the first so many. */
    void cutTo(int pageCount) throws IOException {
        flush();
        blockIndex = NO_BLOCK;
        long end = ENTRIES_AT + (long) pageCount * ENTRY_SIZE;
        if (file.size() > end) {
            file.setSize(end);
        }
    }

    /** Makes all entries durable. */
    void sync() throws IOException {
        flush();
        file.sync();
    }

    /** The header that holds, empty if neither slot has one. */
    Optional<LedgerHeader> readHeader() throws IOException {
        Optional<LedgerHeader> first = readSlot(0);
        Optional<LedgerHeader> second = readSlot(1);
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second);
        }
        return first.get().sequence() > second.get().sequence() ? first : second;
    }

    /** Makes a header durable. It must follow the one that holds. */
    void writeHeader(LedgerHeader header) throws IOException {
        file.write(header.toBytes(), slotAt(header.sequence() & 1));
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private Optional<LedgerHeader> readSlot(long slot) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LedgerHeader.SIZE);
        file.read(bytes, slotAt(slot));
        return LedgerHeader.parse(bytes.array());
    }

    private static long slotAt(long slot) {
        return slot * SLOT_SIZE;
    }

    /** Makes the block of a page the one in memory; returns where in it the page's entry is. */
    private int seek(int page) throws IOException {
        int index = (page - 1) / ENTRIES_PER_BLOCK;
        if (index != blockIndex) {
            flush();
            blockIndex = NO_BLOCK;
            int length = file.read(block.clear(), blockAt(index));
            Arrays.fill(block.array(), length, BLOCK_SIZE, (byte) 0);
            blockIndex = index;
        }
        return (page - 1) % ENTRIES_PER_BLOCK * ENTRY_SIZE;
    }

    private void flush() throws IOException {
        if (dirty) {
            file.write(block.clear(), blockAt(blockIndex));
            dirty = false;
        }
    }

    private static long blockAt(int index) {
        return ENTRIES_AT + (long) index * BLOCK_SIZE;
    }
}
