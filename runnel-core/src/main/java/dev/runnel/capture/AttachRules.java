package dev.runnel.capture;

import dev.runnel.sqlite.DatabaseName;
import dev.runnel.sqlite.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * When a database may be attached: only where that can do no harm. What cannot be attached is a named state with a next
 * step, and is checked again. A merely unusual one is logged once, and followed.
 */
public final class AttachRules {
    /** File systems in user space that keep their files on another machine. */
    private static final Set<String> REMOTE_FUSE = Set.of(
            "blobfuse",
            "blobfuse2",
            "ceph-fuse",
            "curlftpfs",
            "davfs",
            "davfs2",
            "gcsfuse",
            "glusterfs",
            "goofys",
            "juicefs",
            "mount-s3",
            "mountpoint-s3",
            "mfs",
            "rclone",
            "s3fs",
            "sshfs");

    private static final String FUSE_PREFIX = "fuse.";
    private static final int ROOT = 0;

    private AttachRules() {}

    /** Why a database is not attached now, and what to do about it. */
    public record Obstacle(String reason, String nextStep) {}

    /** On which file systems a database is followed. */
    public enum FileSystems {
        /** On those of this machine. */
        LOCAL,
        /** On any: the operator makes sure that no other machine uses the database. */
        ANY
    }

    /**
     * Looks at a database without touching it.
     *
     * @param ownFile a file that this process has made; its owner is the user of this process
     */
    public static Optional<Obstacle> check(Path database, Path ownFile, FileSystems allowed) throws IOException {
        if (!Files.exists(database)) {
            return obstacle(database + " does not exist", "Runnel waits for the application to create it.");
        }
        if (!Files.isRegularFile(database)) {
            return obstacle(database + " is not a file", "Name the database file itself.");
        }
        if (Files.size(database) == 0) {
            return obstacle(database + " is empty", "Runnel waits for the application to write to it.");
        }
        Optional<FileSystem> fileSystem = fileSystemOf(database);
        if (fileSystem.isPresent()) {
            Optional<Obstacle> place = check(database, fileSystem.get(), allowed);
            if (place.isPresent()) {
                return place;
            }
        }
        return checkUser(database, ownFile);
    }

    /** What the operator should know about the file system of a database that is followed anyway. */
    public static Optional<String> advice(Path database) {
        return fileSystemOf(database)
                .map(fileSystem -> advice(database, fileSystem))
                .orElseGet(() -> Optional.of(database + ": its file system cannot be determined. It must be one of this"
                        + " machine; on others SQLite's locks are not reliable."));
    }

    private static Optional<FileSystem> fileSystemOf(Path database) {
        try {
            return Optional.of(FileSystem.of(database));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Obstacle> obstacle(String reason, String nextStep) {
        return Optional.of(new Obstacle(reason, nextStep));
    }

    static Optional<Obstacle> check(Path database, FileSystem fileSystem, FileSystems allowed) {
        Optional<String> remote = remoteName(fileSystem);
        if (remote.isPresent() && allowed == FileSystems.LOCAL) {
            return obstacle(
                    database + " is on a " + remote.get()
                            + " file system, where SQLite's locks and shared memory are not reliable",
                    "Keep the database on a local disk. If no other machine uses it, \"file-system: any\" in its"
                            + " configuration makes Runnel follow it here.");
        }
        if (fileSystem.isReadOnly()) {
            return obstacle(database + " is on a read-only file system", "Mount it writable.");
        }
        return Optional.empty();
    }

    static Optional<String> advice(Path database, FileSystem fileSystem) {
        Optional<String> remote = remoteName(fileSystem);
        if (remote.isPresent()) {
            return Optional.of(
                    database + " is on a " + remote.get() + " file system, and is followed because of"
                            + " \"file-system: any\". If another machine uses it too, it will be damaged, by SQLite and by Runnel.");
        }
        if (fileSystem.kind() == FileSystem.FUSE) {
            return Optional.of(database + " is on a file system in user space ("
                    + fileSystem.mountedAs().orElse("fuse")
                    + "). Runnel relies on its locks and shared memory, as SQLite does. No action needed if it keeps its"
                    + " files on this machine.");
        }
        return Optional.empty();
    }

    private static Optional<String> remoteName(FileSystem fileSystem) {
        return fileSystem
                .remoteName()
                .or(() -> fileSystem
                        .mountedAs()
                        .filter(type -> type.startsWith(FUSE_PREFIX)
                                && REMOTE_FUSE.contains(type.substring(FUSE_PREFIX.length()))));
    }

    /** Files that SQLite creates for us would belong to us: the application must be able to use them. */
    private static Optional<Obstacle> checkUser(Path database, Path ownFile) throws IOException {
        int me = (int) Files.getAttribute(ownFile, "unix:uid");
        int owner = (int) Files.getAttribute(database, "unix:uid");
        DatabaseName name = DatabaseName.resolveIfThere(database);
        boolean canWriteWal = Files.isWritable(name.wal()) && Files.isWritable(name.walIndex());
        if (me == owner || me == ROOT || canWriteWal) {
            return Optional.empty();
        }
        return obstacle(
                database + " belongs to another user, and its -wal and -shm are missing or not writable by Runnel",
                "Run Runnel as the owner of the database.");
    }
}
