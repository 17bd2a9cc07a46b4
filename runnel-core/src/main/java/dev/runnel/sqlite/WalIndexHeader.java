package dev.runnel.sqlite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * What SQLite itself goes by: the header of the wal-index, at the start of the {@code -shm} file in native byte order
 * (SQLite's {@code wal.c}, {@code WalIndexHdr} and {@code WalCkptInfo}).
 *
 * @param lastFrame number of the last committed frame, 0 if the WAL holds none
 * @param pageCount size of the database in pages after that frame
 * @param checksum1 first word of that frame's checksum
 * @param checksum2 second word
 * @param salt1 first salt of the WAL
 * @param salt2 second salt of the WAL
 * @param backfilled number of frames backfilled into the database
 * @param attempted number of frames that the newest checkpoint wanted to backfill; above {@code backfilled} while it runs
 */
public record WalIndexHeader(
        int lastFrame,
        int pageCount,
        int checksum1,
        int checksum2,
        int salt1,
        int salt2,
        int backfilled,
        int attempted) {
    /** Both copies of the header and the checkpoint information. */
    static final int SIZE = 136;

    private static final int COPY = 48;

    /** Reads a header; empty while a writer is at it (its two copies differ), or if it has not been set up. */
    static Optional<WalIndexHeader> parse(byte[] bytes) {
        if (!Arrays.equals(bytes, 0, COPY, bytes, COPY, 2 * COPY) || bytes[12] != 1) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        long checksum = WalChecksum.update(0, bytes, 0, 40, ByteOrder.nativeOrder());
        if (WalChecksum.first(checksum) != in.getInt(40) || WalChecksum.second(checksum) != in.getInt(44)) {
            return Optional.empty();
        }
        int backfilled = in.getInt(96);
        int attempted = in.getInt(128);
        int lastFrame = in.getInt(16);
        int pageCount = in.getInt(20);
        int checksum1 = in.getInt(24);
        int checksum2 = in.getInt(28);
        in.order(ByteOrder.BIG_ENDIAN);
        return Optional.of(new WalIndexHeader(
                lastFrame, pageCount, checksum1, checksum2, in.getInt(32), in.getInt(36), backfilled, attempted));
    }

    /** The place after the last committed frame; for an empty WAL only its salts mean something. */
    public WalPosition end() {
        return new WalPosition(salt1, salt2, lastFrame, checksum1, checksum2);
    }

    /** Whether nothing is left to be backfilled. A reader that begins now holds read mark 0. */
    public boolean isAllBackfilled() {
        return lastFrame == backfilled;
    }

    /** Whether no checkpoint is writing to the database file, and none was interrupted. */
    public boolean isCheckpointAtRest() {
        return attempted <= backfilled;
    }
}
