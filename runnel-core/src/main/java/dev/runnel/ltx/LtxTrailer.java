package dev.runnel.ltx;

import java.nio.ByteBuffer;

/**
 * The last 16 bytes of an LTX file.
 *
 * @param postApplyChecksum checksum of the database after the file, 0 where checksums are not tracked
 * @param fileChecksum checksum of the file up to here, compressed page bytes being replaced by the pages themselves
 */
public record LtxTrailer(long postApplyChecksum, long fileChecksum) {
    /** Length in bytes. */
    public static final int SIZE = 16;

    /** Length in bytes of the part that the file checksum covers. */
    static final int COVERED = 8;

    public byte[] toBytes() {
        return ByteBuffer.allocate(SIZE)
                .putLong(postApplyChecksum)
                .putLong(fileChecksum)
                .array();
    }

    /**
     * Parses a trailer, and holds it against the header.
     *
     * @param source the file, for messages
     * @param at where in the file the trailer starts
     * @param bytes hold the trailer from {@code offset} on
     */
    static LtxTrailer parse(String source, LtxHeader header, long at, byte[] bytes, int offset) throws LtxException {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, SIZE);
        long postApply = in.getLong();
        long file = in.getLong();
        if (!header.tracksChecksums() && postApply != 0) {
            throw LtxException.damaged(
                    source, at, "database checksum %016x, but the header says that there is none".formatted(postApply));
        }
        if (header.tracksChecksums() && postApply >= 0) {
            throw LtxException.damaged(
                    source, at, "%016x is not a database checksum: its top bit is not set".formatted(postApply));
        }
        if (header.tracksChecksums() && header.commit() == 0 && postApply != TrackedChecksum.EMPTY) {
            throw LtxException.damaged(
                    source, at, "database checksum %016x of a database without pages".formatted(postApply));
        }
        if (file >= 0) {
            throw LtxException.damaged(
                    source, at + COVERED, "%016x is not a file checksum: its top bit is not set".formatted(file));
        }
        return new LtxTrailer(postApply, file);
    }
}
