package dev.runnel.restore;

import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.FileInfo;
import dev.runnel.platform.FileStem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Unfinished databases beside an output: a new one for a restore, and those left by restores that were killed or lost
 * their replica. Each has a name that is never used again, notes beside it, and a lock of the process that works on it;
 * a file that can be locked, and still has its name then, is abandoned. A database without notes was kept for a human,
 * and is not touched.
 */
record Leftovers(Disk disk, Path output, Entropy entropy) {
    /** If the file system has no locks, trying more names does not help. */
    private static final int MAX_NAMES = 3;

    /** A new unfinished database that no other process has. */
    TempDatabase create(int pageSize) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path path = output.resolveSibling("%s.%016x.tmp".formatted(FileStem.of(output), entropy.nextLong()));
            DiskFile file = disk.create(path);
            if (file.tryLock() || attempt == MAX_NAMES) {
                return begun(new TempDatabase(disk, path, file), pageSize);
            }
            file.close();
            disk.delete(path);
        }
    }

    private static TempDatabase begun(TempDatabase database, int pageSize) throws IOException {
        try {
            database.takeNotes(pageSize);
            return database;
        } catch (IOException e) {
            database.close();
            throw e;
        }
    }

    /** The one with the most notes that can be continued; deletes all other abandoned ones. */
    Optional<TempDatabase> take(int pageSize) throws IOException {
        Optional<TempDatabase> taken = Optional.empty();
        for (Path path : found()) {
            Optional<TempDatabase> left = open(path);
            if (left.isEmpty()) {
                continue;
            }
            if (taken.isEmpty() && left.get().resume(pageSize)) {
                taken = left;
            } else {
                left.get().close();
            }
        }
        return taken;
    }

    /** Those with most notes first. */
    private List<Path> found() throws IOException {
        Path folder = Objects.requireNonNull(output.getParent());
        Pattern notes =
                Pattern.compile(Pattern.quote(FileStem.of(output)) + "\\.[0-9a-f]{16}\\.tmp" + TempDatabase.MOVED);
        return disk.list(folder).stream()
                .filter(file -> notes.matcher(file.name()).matches())
                .sorted(Comparator.comparingLong(FileInfo::size).reversed())
                .map(file -> file.name().substring(0, file.name().length() - TempDatabase.MOVED.length()))
                .map(folder::resolve)
                .toList();
    }

    private Optional<TempDatabase> open(Path path) throws IOException {
        DiskFile file;
        try {
            file = disk.open(path);
        } catch (NoSuchFileException _) {
            // It has its final name by now, or was removed; its notes are abandoned.
            TempDatabase.forget(disk, path);
            return Optional.empty();
        } catch (AccessDeniedException _) {
            return Optional.empty();
        }
        if (file.tryLock() && disk.stat(path).isPresent()) {
            return Optional.of(new TempDatabase(disk, path, file));
        }
        file.close();
        return Optional.empty();
    }
}
