package dev.runnel.engine;

import dev.runnel.platform.Disk;
import dev.runnel.platform.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The folder in which one Runnel keeps its files for one database: made when it is missing, and held by a lock file. */
final class MetaFolder implements Closeable {
    private final Disk disk;
    private final Path folder;
    private Optional<ProcessLock> lock = Optional.empty();

    MetaFolder(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** The lock file: made by us, so its owner is who we are. */
    Path lockFile() {
        return DatabaseSpec.lockFile(folder);
    }

    /**
     * Makes sure that the folder is there and ours; somebody may have removed it, and the lock file with it.
     *
     * @return the other process that holds it, if one does
     */
    Optional<String> hold() throws IOException {
        if (lock.isPresent() && disk.stat(lockFile()).isPresent()) {
            return Optional.empty();
        }
        close();
        disk.createFolders(folder);
        return switch (ProcessLock.tryTake(lockFile())) {
            case ProcessLock.Attempt.Taken(ProcessLock taken) -> {
                lock = Optional.of(taken);
                yield Optional.empty();
            }
            case ProcessLock.Attempt.HeldBy(String holder) -> Optional.of(holder);
        };
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
    }
}
