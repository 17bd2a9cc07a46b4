package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
        return new FileIdentity(
                number(found, "dev"), number(found, "ino"), number(found, "size"), changed(found.get("ctime")));
    }

    /** The identity of the file that has this name now; empty if none has. */
    public static Optional<FileIdentity> ifThere(Path file) throws IOException {
        try {
            return Optional.of(of(file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static long number(Map<String, Object> found, String name) throws IOException {
        if (found.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IOException("this file system does not report the " + name + " of a file");
    }

    private static long changed(@Nullable Object ctime) {
        return ctime instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
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
