package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.DiskFile;
import dev.runnel.sqlite.WalChecksum;
import dev.runnel.sqlite.WalHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A WAL with one transaction that holds all pages of a database. Beside it the content of the database file does not matter:
 * SQLite reads every page from the WAL, and checkpoints them into the file in the end.
 */
final class WholeWal {
    private static final int FRAME_HEADER = 24;
    private static final int BUFFER_SIZE = 256 * 1024;

    private final DiskFile out;
    private final WalHeader header;
    private final ByteBuffer buffer;
    private long checksum;
    private long position;

    private WholeWal(DiskFile out, WalHeader header) {
        this.out = out;
        this.header = header;
        this.checksum = header.checksum();
        this.buffer = ByteBuffer.allocate(Math.max(BUFFER_SIZE, header.pageSize() + FRAME_HEADER + WalHeader.SIZE));
        buffer.put(header.toBytes());
    }

    /**
     * Writes it, and syncs it.
     *
     * @param salts tell this WAL from any other of the same database
     */
    static void write(DiskFile database, PageSize pageSize, int pageCount, DiskFile out, long salts)
            throws IOException {
        WholeWal wal = new WholeWal(out, WalHeader.of(pageSize.bytes(), (int) (salts >>> 32), (int) salts));
        byte[] page = new byte[pageSize.bytes()];
        for (int number = 1; number <= pageCount; number++) {
            if (number != pageSize.lockPage()) {
                database.read(ByteBuffer.wrap(page), (number - 1L) * page.length);
                wal.frame(number, number == pageCount ? pageCount : 0, page);
            }
        }
        wal.flush();
        out.sync();
    }

    private void frame(int number, int sizeAfterCommit, byte[] page) throws IOException {
        if (buffer.remaining() < FRAME_HEADER + page.length) {
            flush();
        }
        byte[] start = ByteBuffer.allocate(Long.BYTES)
                .putInt(number)
                .putInt(sizeAfterCommit)
                .array();
        checksum = WalChecksum.update(checksum, start, 0, start.length, header.order());
        checksum = WalChecksum.update(checksum, page, 0, page.length, header.order());
        buffer.put(start)
                .putInt(header.salt1())
                .putInt(header.salt2())
                .putLong(checksum)
                .put(page);
    }

    private void flush() throws IOException {
        buffer.flip();
        int size = buffer.remaining();
        out.write(buffer, position);
        position += size;
        buffer.clear();
    }
}
