package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Files of our own: change log, ledger, folder replicas, restored databases. Never the database that an application
 * writes; that one belongs to {@code dev.runnel.sqlite}.
 *
 * <p>Durability is explicit: what was written survives power loss after {@link DiskFile#sync}, a new name after
 * {@link #publish}, {@link #publishNew} or {@link #syncFolder}. A missing file is a {@link java.nio.file.NoSuchFileException},
 * one that is in the way a {@link java.nio.file.FileAlreadyExistsException}.
 */
public interface Disk {
    /** Creates a file for reading and writing, for its owner alone. Fails if the name is taken. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /** Opens an existing file for reading. */
    DiskFile openToRead(Path file) throws IOException;

    /** Gives a synced file its final name, replacing what had it, and syncs the folder. Both are in one file system. */
    void publish(Path temp, Path target) throws IOException;

    /**
     * Like {@link #publish}, but fails, and leaves both files as they are, if the target exists. It takes two steps: if the
     * second fails, the file has both names.
     */
    void publishNew(Path temp, Path target) throws IOException;

    /**
     * Gives a file of ours the mode that SQLite gives a new database in its folder: 0644 less the umask. Nothing where files
     * have no mode.
     */
    default void giveUsualMode(Path file) throws IOException {}

    /** The number of the user that a file or folder belongs to; empty where files have no owner. */
    default OptionalInt userOf(Path file) throws IOException {
        return OptionalInt.empty();
    }

    /** Makes the names in a folder durable, where the file system can; where it cannot, that is logged once. */
    void syncFolder(Path folder) throws IOException;

    /** Creates a folder with its parents, for their owner alone, durably. One that exists is fine. */
    void createFolders(Path folder) throws IOException;

    /** What a folder holds, in no order; empty if there is no such folder. Subfolders are among it. */
    List<FileInfo> list(Path folder) throws IOException;

    /**
     * The same for folders with very many entries: memory does not depend on how many. What goes wrong on the way is an
     * {@link java.io.UncheckedIOException}. To be closed.
     */
    default Stream<FileInfo> entries(Path folder) throws IOException {
        return list(folder).stream();
    }

    /** A file's size and times, or empty if there is none. */
    Optional<FileInfo> stat(Path file) throws IOException;

    /** Sets a file's modification time. */
    void setTime(Path file, Instant time) throws IOException;

    /** Deletes a file or an empty folder. One that is not there is fine. */
    void delete(Path file) throws IOException;

    /** The machine's disk. */
    static Disk system() {
        return SystemDisk.INSTANCE;
    }
}
