package dev.runnel.restore;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.Entropy;
import dev.runnel.platform.FileOwner;
import dev.runnel.platform.FileTraits;
import dev.runnel.sqlite.LockedDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces an existing, locked database by a restored one. The new file gets owner, group, mode and extended attributes
 * of the old one, and its name. Where it cannot get them, or the name cannot be given to another file (a file that is
 * mounted), the content of the old file is replaced.
 *
 * <p>A failure or a kill at any point leaves either the old database, with what its WAL or journal holds, or the new
 * one. One rename decides: that of the database file, if nothing beside the old one holds a part of it; else that of a
 * WAL with the whole new database, which replaces the old WAL. From then on SQLite reads the new database from that
 * WAL, whatever the database file holds, so that the file can be written or renamed after it. What fails after that
 * rename is a warning.
 */
final class Replacement {
    /** What the WAL is called until it has its name, after the name of the restored database. */
    static final String NEXT_WAL = "-next";

    private static final int COPY_SIZE = 256 * 1024;

    /** SQLite takes a file of this size for an empty one, and then ignores its WAL. */
    private static final long EMPTY = 1;

    private final Disk disk;
    private final Entropy entropy;
    private final LockedDatabase old;
    private final Path path;
    private final Sidecars sidecars;
    private final FileTraits traits;
    private final Optional<FileOwner> owner;
    private final List<String> warnings = new ArrayList<>();

    /** @param owner who gets the file, instead of the owner of the old one */
    Replacement(Disk disk, Entropy entropy, LockedDatabase old, Path path, Optional<FileOwner> owner)
            throws IOException {
        this.disk = disk;
        this.entropy = entropy;
        this.old = old;
        this.path = path;
        this.owner = owner;
        this.sidecars = new Sidecars(disk, path);
        this.traits = FileTraits.of(path);
    }

    /**
     * Replaces the old database.
     *
     * @param restored a synced file; it is gone afterwards
     * @return what the user should know, although the new database is there
     * @throws IOException if the old database is still there, unchanged
     */
    List<String> run(Path restored, PageSize pageSize, int pageCount) throws IOException {
        if (!old.isStillInPlace()) {
            throw new IOException("another file has this name since the restore began");
        }
        try (DiskFile database = disk.open(restored)) {
            // The lock stays with the file when it is renamed: no process uses the new database before it is finished.
            boolean _ = database.tryLock();
            boolean canTakeTheName = giveTraits(restored);
            boolean done = canTakeTheName && sidecars.withContent().isEmpty() && isPublished(restored, path);
            if (!done) {
                requireWritable(canTakeTheName);
                putWal(database, restored, pageSize, pageCount);
                finish(database, restored, (long) pageSize.bytes() * pageCount, canTakeTheName);
            } else {
                deleteSidecars();
            }
        }
        return List.copyOf(warnings);
    }

    private boolean giveTraits(Path restored) throws IOException {
        try {
            List<String> notGiven = traits.giveTo(restored);
            if (!notGiven.isEmpty()) {
                warnings.add(path + " lost the extended attributes " + String.join(", ", notGiven)
                        + "; set them again if they are needed");
            }
        } catch (IOException e) {
            // Only root can make a file that belongs to another user.
            return false;
        }
        if (owner.isPresent()) {
            owner.get().give(restored);
        }
        return true;
    }

    /** False if the file still has its old name; then nothing has changed. */
    private boolean isPublished(Path file, Path name) throws IOException {
        try {
            disk.publish(file, name);
            return true;
        } catch (IOException e) {
            if (disk.stat(file).isPresent()) {
                return false;
            }
            warnings.add(Output.notSynced(name, e));
            return true;
        }
    }

    private void requireWritable(boolean canTakeTheName) throws IOException {
        if (!old.isWritable()) {
            throw new IOException(
                    canTakeTheName
                            ? "it can be neither renamed nor written to"
                            : "it belongs to another user, and this user may not write to it");
        }
    }

    /** Afterwards the new database is what SQLite reads. If this fails, it reads the old one. */
    private void putWal(DiskFile database, Path restored, PageSize pageSize, int pageCount) throws IOException {
        Path next = restored.resolveSibling(restored.getFileName() + NEXT_WAL);
        boolean published = false;
        disk.delete(next);
        try {
            try (DiskFile wal = disk.create(next)) {
                WholeWal.write(database, pageSize, pageCount, wal, entropy.nextLong());
            }
            giveTraitsToWal(next);
            published = isPublished(next, sidecars.wal());
            if (!published) {
                throw new IOException(sidecars.wal() + " cannot be replaced");
            }
        } finally {
            if (!published) {
                disk.delete(next);
            }
        }
    }

    /**
     * SQLite gives a WAL the owner and mode of its database. If that is not possible, the WAL is written in place, and
     * deleted again.
     */
    private void giveTraitsToWal(Path next) throws IOException {
        try {
            List<String> _ = traits.giveTo(next);
        } catch (IOException e) {
            disk.giveUsualMode(next);
        }
    }

    /** Makes the database file what the WAL says, and takes the WAL away. */
    private void finish(DiskFile database, Path restored, long size, boolean canTakeTheName) throws IOException {
        try {
            if (!canTakeTheName || !isPublished(restored, path)) {
                overwrite(database, size);
                disk.delete(restored);
                if (owner.isPresent()) {
                    owner.get().give(path);
                }
            }
            sidecars.delete();
            disk.syncFolder(sidecars.wal().resolveSibling("."));
        } catch (IOException e) {
            if (old.isStillInPlace() && old.size() <= EMPTY) {
                disk.delete(sidecars.wal());
                throw e;
            }
            warnings.add(path + " is restored, but part of it is still in " + sidecars.wal() + ": " + e.getMessage()
                    + ". Keep that file; SQLite moves its content into the database when an application opens and closes"
                    + " it");
        }
    }

    private void overwrite(DiskFile database, long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_SIZE);
        for (long position = 0; position < size; position += COPY_SIZE) {
            buffer.clear().limit((int) Math.min(COPY_SIZE, size - position));
            database.read(buffer, position);
            old.write(buffer.flip(), position);
        }
        old.finish(size);
    }

    private void deleteSidecars() {
        try {
            sidecars.delete();
        } catch (IOException e) {
            warnings.add("a file that SQLite kept beside the old database stays: " + e.getMessage()
                    + ". It holds nothing; delete it before an application opens the database");
        }
    }
}
