package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An unfinished database, and notes on the pages it has: as long as there are notes it belongs to restores only. It is
 * deleted when it is closed, unless it was worth keeping. While it is open it is locked, so that other processes see
 * that it is in use.
 */
final class TempDatabase implements Closeable {
    /** What the file with the moved pages is called, after the database's own name. */
    static final String MOVED = "-moved";

    private final Disk disk;
    private final Path path;
    private final DiskFile file;
    private Optional<MovedPages> moved = Optional.empty();
    private Fate fate = Fate.DELETE;

    private enum Fate {
        DELETE,
        KEEP,
        RESUME
    }

    TempDatabase(Disk disk, Path path, DiskFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
    }

    Path path() {
        return path;
    }

    DiskFile file() {
        return file;
    }

    /** What is known of its pages. */
    Optional<MovedPages> moved() {
        return moved;
    }

    /** Goes by what an earlier restore has noted; false if there is nothing that fits. */
    boolean resume(int pageSize) throws IOException {
        moved = MovedPages.open(disk, movedPath(), file, pageSize);
        return moved.isPresent();
    }

    /** Takes notes from the beginning. */
    void takeNotes(int pageSize) throws IOException {
        moved = Optional.of(MovedPages.create(disk, movedPath(), file, pageSize));
    }

    /** What it has is kept for a human: no more notes. */
    void keep() throws IOException {
        forgetMoved();
        fate = Fate.KEEP;
    }

    /** What it has is right. Until it has its name the next restore may continue with it. */
    void keepUntilPublished() {
        fate = moved.isPresent() ? Fate.RESUME : Fate.KEEP;
    }

    /** Removes the notes of a database that is no longer in the making. */
    static void forget(Disk disk, Path path) throws IOException {
        disk.delete(movedPath(path));
    }

    /** The next restore is to go on from here, if there are notes. */
    void leaveForNext() {
        fate = moved.isPresent() && moved.get().isUsed() ? Fate.RESUME : Fate.DELETE;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            switch (fate) {
                case DELETE -> {
                    disk.delete(path);
                    disk.delete(path.resolveSibling(path.getFileName() + Replacement.NEXT_WAL));
                    forgetMoved();
                }
                case RESUME -> moved.orElseThrow().close();
                case KEEP -> {}
            }
        }
    }

    private void forgetMoved() throws IOException {
        if (moved.isPresent()) {
            moved.get().close();
        }
        disk.delete(movedPath());
    }

    private Path movedPath() {
        return movedPath(path);
    }

    private static Path movedPath(Path path) {
        return path.resolveSibling(path.getFileName() + MOVED);
    }
}
