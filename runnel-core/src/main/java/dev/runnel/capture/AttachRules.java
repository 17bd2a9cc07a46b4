package dev.runnel.capture;

import dev.runnel.sqlite.SourceFiles;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * When a database may be attached: only where that can do no harm. What cannot be attached is a named state with a next
 * step, and is looked at again.
 */
public final class AttachRules {
    private static final Set<String> NETWORK_FILE_SYSTEMS = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "ceph",
            "lustre",
            "glusterfs",
            "vboxsf");
    private static final int ROOT = 0;

    private AttachRules() {}

    /** Why a database is not attached now, and what to do about it. */
    public record Obstacle(String reason, String nextStep) {}

    /**
     * Looks at a database without touching it.
     *
     * @param ownFile a file that this process has made; its owner is who we are
     */
    public static Optional<Obstacle> check(Path database, Path ownFile) throws IOException {
        if (!Files.exists(database)) {
            return obstacle(database + " does not exist", "Runnel waits for the application to create it.");
        }
        if (!Files.isRegularFile(database)) {
            return obstacle(database + " is not a file", "Name the database file itself.");
        }
        if (Files.size(database) == 0) {
            return obstacle(database + " is empty", "Runnel waits for the application to write to it.");
        }
        Optional<Obstacle> place = checkPlace(database);
        if (place.isPresent()) {
            return place;
        }
        return checkUser(database, ownFile);
    }

    private static Optional<Obstacle> obstacle(String reason, String nextStep) {
        return Optional.of(new Obstacle(reason, nextStep));
    }

    private static Optional<Obstacle> checkPlace(Path database) throws IOException {
        FileStore store = Files.getFileStore(database);
        String type = store.type().toLowerCase(Locale.ROOT);
        if (NETWORK_FILE_SYSTEMS.contains(type) || type.startsWith("fuse.")) {
            return obstacle(
                    database + " is on a " + type
                            + " file system, where SQLite's locks and shared memory are not reliable",
                    "Keep the database on a local disk.");
        }
        if (store.isReadOnly()) {
            return obstacle(database + " is on a read-only file system", "Mount it writable.");
        }
        return Optional.empty();
    }

    /** Files that SQLite creates for us would belong to us: the application must be able to use them. */
    private static Optional<Obstacle> checkUser(Path database, Path ownFile) throws IOException {
        int me = (int) Files.getAttribute(ownFile, "unix:uid");
        int owner = (int) Files.getAttribute(database, "unix:uid");
        boolean canWriteWal =
                Files.isWritable(SourceFiles.walPath(database)) && Files.isWritable(SourceFiles.walIndexPath(database));
        if (me == owner || me == ROOT || canWriteWal) {
            return Optional.empty();
        }
        return obstacle(
                database + " belongs to another user, and its -wal and -shm are not there or not writable for us",
                "Run Runnel as the owner of the database.");
    }
}
