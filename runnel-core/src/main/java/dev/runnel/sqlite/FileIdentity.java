package dev.runnel.sqlite;

/**
 * Which file it is, and whether anything was done to it: device and inode say the first, size and change time the
 * second.
 *
 * @param changedNanos time of the last change of content or status (ctime), nanoseconds since the epoch
 */
public record FileIdentity(long device, long inode, long size, long changedNanos) {
    public boolean isSameFile(FileIdentity other) {
        return device == other.device && inode == other.inode;
    }
}
