package dev.runnel.replica.generations;

import dev.runnel.ltx.PageSink;
import dev.runnel.sqlite.WalChecksum;
import dev.runnel.sqlite.WalHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes the WAL of one transaction, as SQLite's file format describes it. The same pages give the same bytes. Holds one
 * page, because the last frame of a transaction says how large the database is after it.
 */
final class WalOutput implements PageSink {
    static final int FRAME_HEADER = 24;

    private final OutputStream out;
    private final WalHeader header;
    private final byte[] frame;
    private final ByteBuffer head;
    private long checksum;
    private boolean pending;

    /** Writes the header of the WAL. */
    WalOutput(OutputStream out, int pageSize, WalSalts salts) throws IOException {
        this.out = out;
        this.header = WalHeader.of(pageSize, salts.first(), salts.second());
        this.frame = new byte[FRAME_HEADER + pageSize];
        this.head = ByteBuffer.wrap(frame);
        this.checksum = header.checksum();
        out.write(header.toBytes());
    }

    @Override
    public void page(int number, byte[] data, int offset) throws IOException {
        if (pending) {
            writeFrame(0);
        }
        System.arraycopy(data, offset, frame, FRAME_HEADER, header.pageSize());
        head.putInt(0, number);
        pending = true;
    }

    /** Commits what was written, if anything was: a WAL without a frame changes nothing. */
    void finish(int pageCount) throws IOException {
        if (pending) {
            writeFrame(pageCount);
        }
    }

    private void writeFrame(int sizeAfterCommit) throws IOException {
        head.putInt(4, sizeAfterCommit).putInt(8, header.salt1()).putInt(12, header.salt2());
        checksum = WalChecksum.update(checksum, frame, 0, 8, header.order());
        checksum = WalChecksum.update(checksum, frame, FRAME_HEADER, header.pageSize(), header.order());
        head.putLong(16, checksum);
        out.write(frame);
        pending = false;
    }
}
