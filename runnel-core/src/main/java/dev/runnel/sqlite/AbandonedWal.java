package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The {@code -wal} and {@code -shm} that a database leaves behind when another file is moved over it. SQLite does not
 * remove them, because on its last close it finds another file under the name; and an application would read them as part
 * of the new one. They are removed only after asking the file that has the name now, under a lock that keeps the answer
 * true.
 *
 * @param wal the WAL of the old database
 * @param index its wal-index
 */
record AbandonedWal(Descriptors descriptors, DatabaseName name, FileIdentity wal, FileIdentity index) {
    /** The bytes that every connection locks for reading before it opens a WAL: PENDING, RESERVED and SHARED. */
    private static final long LOCKS_START = 0x40000000L;

    private static final long LOCKS_SIZE = 512;

    /** Makes the old database need its WAL no longer; false if that does not succeed. */
    @FunctionalInterface
    interface Completion {
        boolean run() throws IOException;
    }

    /** Removes both; gives the reason if they are left. */
    Optional<String> remove(Completion completion) throws IOException {
        try {
            return removeBesideNewFile(completion);
        } catch (NoSuchFileException e) {
            return removeWithoutFile(completion);
        }
    }

    /**
     * A connection takes a shared lock on the database before it opens the WAL, so under this lock no process has it
     * open.
     */
    private Optional<String> removeBesideNewFile(Completion completion) throws IOException {
        if (Files.exists(name.real()) && !Files.isWritable(name.real())) {
            return Optional.of("Runnel may not write to the new file, and so cannot lock it");
        }
        NamedFile now;
        try {
            now = descriptors.openToLock(name.real());
        } catch (SourceException.SeveralNames e) {
            return Optional.of("Runnel itself follows the new file under another name");
        }
        try {
            if (!now.file().tryLockExclusive(LOCKS_START, LOCKS_SIZE)) {
                return Optional.of("another process has opened the new file together with it");
            }
            if (!now.has(name.real()) || !DatabaseName.isNameOf(name.wal(), wal)) {
                return Optional.of("the files were replaced once more");
            }
            if (!completion.run()) {
                return Optional.of("it could not be checkpointed into the replaced file");
            }
            // The WAL first: a wal-index without a WAL is rebuilt, a WAL without a wal-index is applied.
            Files.delete(name.wal());
            removeIndex();
            return Optional.empty();
        } finally {
            descriptors.release(now);
        }
    }

    /**
     * No file has the name, so there is none to lock. The WAL is taken aside under another name, which can be undone, and
     * deleted once it is clear that no file had the name then either.
     */
    private Optional<String> removeWithoutFile(Completion completion) throws IOException {
        Path aside = name.wal().resolveSibling(".runnel-abandoned-wal-" + wal.inode());
        Files.move(name.wal(), aside, StandardCopyOption.ATOMIC_MOVE);
        boolean isOurs = DatabaseName.isNameOf(aside, wal) && !Files.exists(name.real());
        if (isOurs && completion.run() && !Files.exists(name.real())) {
            Files.delete(aside);
            removeIndex();
            return Optional.empty();
        }
        try {
            Files.createLink(name.wal(), aside);
            Files.delete(aside);
            return Optional.of("it could not be checkpointed, or a new file got the name meanwhile");
        } catch (FileAlreadyExistsException e) {
            return Optional.of("another file was given this name at the same time; the WAL is kept as " + aside);
        }
    }

    private void removeIndex() throws IOException {
        if (DatabaseName.isNameOf(name.walIndex(), index)) {
            Files.delete(name.walIndex());
        }
    }
}
