package dev.runnel.ledger;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Crc64;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What one of the two header slots of a ledger file says. The slot with the higher sequence holds; the other one is the
 * way back if a power loss tears it. Bytes are in {@code docs/formats.md}.
 *
 * @param sequence counts the checkpoints; even ones are in the first slot, odd ones in the second
 * @param txid up to which the entries are durable
 * @param pageCount size of the database then, in pages
 * @param databaseChecksum of the database then
 */
record LedgerHeader(long sequence, PageSize pageSize, Txid txid, int pageCount, long databaseChecksum) {
    /** Length of the used part of a slot in bytes. */
    static final int SIZE = 56;

    private static final long MAGIC = 0x524E4C4544474552L;
    private static final int VERSION = 2;
    private static final int CHECKSUM_AT = 48;

    ByteBuffer toBytes() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putLong(MAGIC).putInt(VERSION).putInt(pageSize.bytes()).putLong(sequence);
        out.putLong(txid.value()).putInt(pageCount).putInt(0).putLong(databaseChecksum);
        out.putLong(checksum(out.array()));
        return out.flip();
    }

    /** The header in a slot, empty if the slot was never written, is torn, or is of another version. */
    static Optional<LedgerHeader> parse(byte[] slot) {
        ByteBuffer in = ByteBuffer.wrap(slot);
        if (in.getLong() != MAGIC || in.getInt() != VERSION || in.getLong(CHECKSUM_AT) != checksum(slot)) {
            return Optional.empty();
        }
        PageSize pageSize = new PageSize(in.getInt());
        long sequence = in.getLong();
        Txid txid = new Txid(in.getLong());
        int pageCount = in.getInt();
        in.getInt();
        return Optional.of(new LedgerHeader(sequence, pageSize, txid, pageCount, in.getLong()));
    }

    private static long checksum(byte[] slot) {
        return Checksums.FLAG | Crc64.update(0, slot, 0, CHECKSUM_AT);
    }
}
