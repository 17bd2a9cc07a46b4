package dev.runnel.engine;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.file.Path;

/** A folder for files that live as long as a piece of work. What a killed process left there is removed. */
final class WorkRoom implements Scratch {
    private final Disk disk;
    private final Path folder;
    private long number;

    WorkRoom(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    @Override
    public DiskFile create() throws IOException {
        return Scratch.at(disk, folder.resolve(next() + ".tmp")).create();
    }

    private synchronized long next() throws IOException {
        if (number == 0) {
            disk.createFolders(folder);
            for (FileInfo leftOver : disk.list(folder)) {
                disk.delete(folder.resolve(leftOver.name()));
            }
        }
        return ++number;
    }
}
