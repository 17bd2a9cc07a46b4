package dev.runnel.ltx;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** Room on disk for what does not fit in memory while one large file is written or one history is read. */
@FunctionalInterface
public interface Scratch {
    /** Creates an empty file that is gone once it is closed. Asked for at most once at a time. */
    DiskFile create() throws IOException;

    /** For work that writes nothing: {@link #create} throws an {@link UnsupportedOperationException}. */
    static Scratch none() {
        return () -> {
            throw new UnsupportedOperationException("nothing is written here");
        };
    }

    /** Room under a name of the caller's choice; what a killed process left there is removed. */
    static Scratch at(Disk disk, Path file) {
        return () -> {
            disk.createFolders(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            disk.delete(file);
            return new VanishingFile(disk, file, disk.create(file));
        };
    }
}
