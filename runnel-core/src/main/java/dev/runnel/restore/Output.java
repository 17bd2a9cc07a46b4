package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.FileInfo;
import dev.runnel.platform.Links;
import dev.runnel.restore.RestoreOptions.ExistingOutput;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a restored database goes, and what may be there already. */
final class Output {
    private static final int ROOT = 0;

    private final Disk disk;
    private final Entropy entropy;
    private final Path path;
    private final RestoreOptions options;
    private final Sidecars sidecars;
    private final List<Path> createdFolders = new ArrayList<>();

    /** @param given where a symbolic link stands there, the file that it leads to is meant, as for SQLite */
    Output(Disk disk, Entropy entropy, Path given, RestoreOptions options) throws IOException {
        this.disk = disk;
        this.entropy = entropy;
        this.path = Links.follow(given.toAbsolutePath());
        this.options = options;
        this.sidecars = new Sidecars(disk, path);
    }

    /** The file itself. */
    Path path() {
        return path;
    }

    /** Refuses what must not be overwritten, or is in use. An empty file alone holds nothing, and may be replaced. */
    void check() throws IOException {
        Optional<FileInfo> found = disk.stat(path);
        if (found.isPresent() && found.get().isFolder()) {
            throw new RestoreException.OutputIsFolder(path);
        }
        Optional<Path> inTheWay = inTheWay();
        if (options.existing() == ExistingOutput.FAIL && inTheWay.isPresent()) {
            throw new RestoreException.OutputExists(inTheWay.get());
        }
        if (found.isPresent()) {
            take().close();
        }
    }

    private TakenDatabase take() throws IOException {
        return TakenDatabase.take(disk, path, options.lockFiles());
    }

    /** Creates the folder, with its parents. */
    void createFolder() throws IOException {
        for (Path folder = path.getParent();
                folder != null && disk.stat(folder).isEmpty();
                folder = folder.getParent()) {
            createdFolders.add(folder);
        }
        Path folder = path.getParent();
        if (folder != null) {
            disk.createFolders(folder);
        }
    }

    /**
     * Gives a synced file the output's name.
     *
     * @return what the user should know, although the database is there
     * @throws RestoreException if it is not; then what was there before is still there, and the restored file is kept
     */
    List<String> publish(Path restored, PageSize pageSize, int pageCount) throws RestoreException {
        try {
            Optional<Path> inTheWay = inTheWay();
            if (options.existing() == ExistingOutput.FAIL && inTheWay.isPresent()) {
                throw new RestoreException.OutputExists(inTheWay.get(), restored);
            }
            if (disk.stat(path).isEmpty()) {
                return publishNew(restored);
            }
            try (TakenDatabase old = take()) {
                return new Replacement(disk, entropy, old.file(), path, options.owner())
                        .run(restored, pageSize, pageCount);
            }
        } catch (RestoreException.InUse e) {
            throw new RestoreException.InUse(e, restored);
        } catch (RestoreException e) {
            throw e;
        } catch (IOException e) {
            throw new RestoreException.NotPublished(path, restored, e);
        }
    }

    private List<String> publishNew(Path restored) throws IOException {
        List<String> warnings = new ArrayList<>();
        disk.giveUsualMode(restored);
        if (options.owner().isPresent()) {
            options.owner().get().give(restored);
            for (Path folder : createdFolders) {
                options.owner().get().give(folder);
            }
        } else {
            adviceToHandOver(restored).ifPresent(warnings::add);
        }
        SetAside aside = SetAside.of(disk, sidecars, restored);
        try {
            disk.publishNew(restored, path);
        } catch (FileAlreadyExistsException _) {
            aside.putBack();
            throw new RestoreException.OutputExists(path, restored);
        } catch (IOException e) {
            warnings.add(whyOnlyPartly(restored, aside, e));
        }
        aside.delete().ifPresent(warnings::add);
        return warnings;
    }

    /**
     * What is to be said if the database has its name, but not all was done. The files that were set aside belong to another
     * database: beside this one, SQLite would apply them to it.
     */
    private String whyOnlyPartly(Path restored, SetAside aside, IOException e) throws IOException {
        Optional<FileInfo> named = disk.stat(path);
        Optional<FileInfo> left = disk.stat(restored);
        if (named.isPresent() && left.isEmpty()) {
            return notSynced(path, e);
        }
        if (named.isPresent() && isSameFile(named.get(), left.orElseThrow())) {
            return path + " is in place, but the file could not lose its temporary name: " + e.getMessage()
                    + ". Delete " + restored + " and check the disk";
        }
        aside.putBack();
        throw e;
    }

    /** Two names of one file agree in both. */
    private static boolean isSameFile(FileInfo one, FileInfo other) {
        return one.size() == other.size() && one.modified().equals(other.modified());
    }

    /** What root creates among the files of another user is of no use to that user. */
    private Optional<String> adviceToHandOver(Path restored) throws IOException {
        Path topmost = createdFolders.isEmpty() ? path : createdFolders.getLast();
        Path folder = topmost.getParent();
        OptionalInt creator = disk.userOf(restored);
        OptionalInt user = folder == null ? OptionalInt.empty() : disk.userOf(folder);
        if (!creator.equals(OptionalInt.of(ROOT)) || user.isEmpty() || user.equals(creator)) {
            return Optional.empty();
        }
        return Optional.of(
                "%s belongs to root, and %s to user %d. If the application runs as that user, it cannot write to the"
                                .formatted(topmost, folder, user.getAsInt())
                        + " database: run \"chown -R %1$d %2$s\", or restore with -owner %1$d"
                                .formatted(user.getAsInt(), topmost));
    }

    static String notSynced(Path name, IOException e) {
        return name + " is in place, but its folder could not be synced: " + e.getMessage()
                + ". A power cut in the next seconds may lose the new file; check the disk";
    }

    private Optional<Path> inTheWay() throws IOException {
        Optional<FileInfo> database = disk.stat(path);
        return database.isPresent() && database.get().size() > 0 ? Optional.of(path) : sidecars.any();
    }
}
