package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which file it is, and whether anything was done to it: device and inode say the first, size and change time the
 * second.
 *
 * @param changedNanos time of the last change of content or status (ctime), nanoseconds since the epoch; 0 if that time
 *     was too fresh to prove anything, because a second change could carry the same one
 */
public record FileIdentity(long device, long inode, long size, long changedNanos) {
    /** The identity of the file that has this name now. */
    public static FileIdentity of(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, "unix:dev,ino,size,ctime");
        FileTime changed = (FileTime) found.get("ctime");
        return new FileIdentity(
                ((Number) found.get("dev")).longValue(),
                ((Number) found.get("ino")).longValue(),
                ((Number) found.get("size")).longValue(),
                changed.to(TimeUnit.NANOSECONDS));
    }

    public boolean isSameFile(FileIdentity other) {
        return device == other.device && inode == other.inode;
    }

    /** Whether the file is the same and nothing was done to it in between. */
    public boolean isUntouchedSince(FileIdentity earlier) {
        return earlier.changedNanos != 0 && equals(earlier);
    }

    /** The same without its change time: it names the file and proves nothing about its content. */
    public FileIdentity withoutTime() {
        return new FileIdentity(device, inode, size, 0);
    }
}
