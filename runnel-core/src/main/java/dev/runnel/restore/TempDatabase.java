package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** A database in the making. It is deleted when it is closed, unless it was worth keeping. */
final class TempDatabase implements Closeable {
    private final Disk disk;
    private final Path path;
    private final DiskFile file;
    private boolean kept;

    private TempDatabase(Disk disk, Path path, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    static TempDatabase create(Disk disk, Path path) throws IOException {
        return new TempDatabase(disk, path, disk.create(path));
    }

    Path path() {
        return path;
    }

    DiskFile file() {
        return file;
    }

    void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            if (!kept) {
                disk.delete(path);
            }
        }
    }
}
