package dev.runnel.sqlite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The 32 bytes at the start of a WAL (SQLite file format, section 4.1).
 *
 * @param order byte order of the words that checksums are computed over
 * @param pageSize in bytes
 * @param salt1 goes up by one at each restart
 * @param salt2 random at each restart
 * @param checksum over the first 24 bytes, and the start of the frames' running checksum
 */
public record WalHeader(ByteOrder order, int pageSize, int salt1, int salt2, long checksum) {
    /** In bytes. */
    public static final int SIZE = 32;

    private static final int MAGIC_LITTLE = 0x377f0682;
    private static final int MAGIC_BIG = 0x377f0683;
    private static final int VERSION = 3007000;
    private static final int CHECKSUM_AT = 24;

    /** Reads a header; empty if the bytes are none, or its checksum is wrong: SQLite then takes the WAL for empty. */
    public static Optional<WalHeader> parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int magic = in.getInt(0);
        if (magic != MAGIC_LITTLE && magic != MAGIC_BIG) {
            return Optional.empty();
        }
        ByteOrder order = magic == MAGIC_LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int pageSize = in.getInt(8);
        long checksum = WalChecksum.update(0, bytes, 0, CHECKSUM_AT, order);
        if (pageSize < 512
                || pageSize > 65536
                || Integer.bitCount(pageSize) != 1
                || checksum != in.getLong(CHECKSUM_AT)) {
            return Optional.empty();
        }
        return Optional.of(new WalHeader(order, pageSize, in.getInt(16), in.getInt(20), checksum));
    }

    /**
     * The header of a WAL that is written elsewhere than beside a live database; its bytes depend on nothing else.
     *
     * @param pageSize in bytes
     */
    public static WalHeader of(int pageSize, int salt1, int salt2) {
        WalHeader unsigned = new WalHeader(ByteOrder.LITTLE_ENDIAN, pageSize, salt1, salt2, 0);
        long checksum = WalChecksum.update(0, unsigned.toBytes(), 0, CHECKSUM_AT, unsigned.order);
        return new WalHeader(unsigned.order, pageSize, salt1, salt2, checksum);
    }

    /** As it is stored, with a checkpoint sequence number of 0. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(SIZE);
        out.putInt(order == ByteOrder.LITTLE_ENDIAN ? MAGIC_LITTLE : MAGIC_BIG);
        out.putInt(VERSION)
                .putInt(pageSize)
                .putInt(0)
                .putInt(salt1)
                .putInt(salt2)
                .putLong(checksum);
        return out.array();
    }

    /** The place before the first frame. */
    WalPosition start() {
        return new WalPosition(salt1, salt2, 0, WalChecksum.first(checksum), WalChecksum.second(checksum));
    }
}
