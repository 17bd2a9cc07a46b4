package dev.runnel.sqlite;

/**
 * A place in a WAL: the last captured frame, proved by its checksum.
 *
 * @param salt1 first salt of the WAL header
 * @param salt2 second salt of the WAL header
 * @param frame number of the last captured frame, counted from 1; 0 is the place before the first
 * @param checksum1 first word of that frame's checksum, or of the header's for frame 0
 * @param checksum2 second word
 */
public record WalPosition(int salt1, int salt2, int frame, int checksum1, int checksum2) {
    public boolean isInSameWal(WalPosition other) {
        return salt1 == other.salt1 && salt2 == other.salt2;
    }
}
