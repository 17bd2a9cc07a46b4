package dev.runnel.log;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Crc64;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.WalPosition;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What follows the LTX bytes in a file of the change log. Bytes are in {@code docs/formats.md}.
 *
 * @param ltxSize length of the LTX bytes
 * @param ltxChecksum CRC-64 of the LTX bytes as they are stored, so that they can be checked without being decoded
 * @param at where in the database's files the change set ended
 */
record LogFooter(long ltxSize, long ltxChecksum, SourcePosition at) {
    /** Length in bytes. */
    static final int SIZE = 88;

    private static final int MAGIC = 0x524E4C43;
    private static final int VERSION = 1;
    private static final int NO_WAL = 0;
    private static final int HAS_WAL = 1;
    private static final int CHECKSUM_AT = 80;

    byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(MAGIC).putInt(VERSION).putLong(ltxSize).putLong(ltxChecksum);
        WalPosition wal = at.wal().orElse(new WalPosition(0, 0, 0, 0, 0));
        out.putInt(at.wal().isPresent() ? HAS_WAL : NO_WAL);
        out.putInt(wal.salt1()).putInt(wal.salt2()).putInt(wal.frame());
        out.putInt(wal.checksum1()).putInt(wal.checksum2());
        FileIdentity file = at.database();
        out.putLong(file.device()).putLong(file.inode()).putLong(file.size()).putLong(file.changedNanos());
        out.putLong(checksum(out.array()));
        return out.array();
    }

    /** The footer in these bytes, empty if they are none. */
    static Optional<LogFooter> parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != MAGIC || in.getInt() != VERSION || in.getLong(CHECKSUM_AT) != checksum(bytes)) {
            return Optional.empty();
        }
        long ltxSize = in.getLong();
        long ltxChecksum = in.getLong();
        boolean hasWal = in.getInt() == HAS_WAL;
        WalPosition wal = new WalPosition(in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
        FileIdentity file = new FileIdentity(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        return Optional.of(new LogFooter(
                ltxSize, ltxChecksum, new SourcePosition(hasWal ? Optional.of(wal) : Optional.empty(), file)));
    }

    private static long checksum(byte[] bytes) {
        return Checksums.FLAG | Crc64.update(0, bytes, 0, CHECKSUM_AT);
    }
}
