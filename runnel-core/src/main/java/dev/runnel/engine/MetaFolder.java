package dev.runnel.engine;

import dev.runnel.platform.Disk;
import dev.runnel.platform.FileInfo;
import dev.runnel.platform.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which one Runnel keeps its files for one database: made when it is missing and the database is there, and
 * held by a lock file. If nothing but the lock file ever came into it, it is removed in the end.
 */
final class MetaFolder implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MetaFolder.class);

    private final Disk disk;
    private final Path database;
    private final Path folder;
    private Optional<ProcessLock> lock = Optional.empty();
    private boolean wasHeld;

    MetaFolder(Disk disk, DatabaseSpec spec) {
        this.disk = disk;
        this.database = spec.path();
        this.folder = spec.metaFolder();
    }

    /** The lock file: this process made it, so its owner is the user of this process. */
    Path lockFile() {
        return DatabaseSpec.lockFile(folder);
    }

    /**
     * Makes sure that the folder is there and ours; it may have been removed, and the lock file with it.
     *
     * @return why it is not held: the database is not there, or another process holds the folder
     */
    Optional<Health> hold() throws IOException {
        if (lock.isPresent() && disk.stat(lockFile()).isPresent()) {
            return Optional.empty();
        }
        close();
        if (disk.stat(database).isEmpty()) {
            return Optional.of(absent());
        }
        disk.createFolders(folder);
        return switch (ProcessLock.tryTake(lockFile())) {
            case ProcessLock.Attempt.Taken(ProcessLock taken) -> {
                lock = Optional.of(taken);
                wasHeld = true;
                yield Optional.empty();
            }
            case ProcessLock.Attempt.HeldBy(String holder) ->
                Optional.of(new Health.Stopped(
                        database + " is followed by another Runnel: " + holder, "Stop one of the two."));
        };
    }

    private Health absent() throws IOException {
        Path parent = database.toAbsolutePath().getParent();
        if (!wasHeld && parent != null && disk.stat(parent).isEmpty()) {
            return new Health.Stopped(
                    database + " cannot be followed: the folder " + parent + " does not exist",
                    "Check the path of the database, or create or mount the folder; then start Runnel again.");
        }
        return new Health.Waiting(
                database + " does not exist, so nothing is backed up",
                "Runnel waits for the application to create it; check the path if the application has done so.");
    }

    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            try (ProcessLock held = lock.get()) {
                LOG.debug("{}: {} is released", folder, held);
                removeIfUnused();
            }
            lock = Optional.empty();
        }
    }

    private void removeIfUnused() {
        try {
            List<String> names = disk.list(folder).stream().map(FileInfo::name).toList();
            if (names.equals(List.of(String.valueOf(lockFile().getFileName())))) {
                disk.delete(lockFile());
                disk.delete(folder);
            }
        } catch (IOException e) {
            LOG.debug("{}: {}", folder, e.toString());
        }
    }
}
