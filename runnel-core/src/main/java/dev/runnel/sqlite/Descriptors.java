package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one owner of descriptors of database files and wal-indexes. Closing one of them drops, in silence, every lock that
 * SQLite holds on that file in this process; so each file is opened once, and closed only when this process is Runnel's
 * own and Runnel's connections to it are closed already.
 */
public final class Descriptors {
    private final Embedding embedding;
    private final Map<File, NamedFile> open = new HashMap<>();

    /** Opened by a name that led elsewhere right after; beside an application not even these may be closed. */
    private final List<PosixFile> strays = new ArrayList<>();

    private record File(long device, long inode) {
        static File of(FileIdentity identity) {
            return new File(identity.device(), identity.inode());
        }
    }

    public Descriptors(Embedding embedding) {
        this.embedding = embedding;
    }

    Embedding embedding() {
        return embedding;
    }

    /**
     * Opens the file that has this name now.
     *
     * @throws SourceException.SeveralNames if it is open already under another name (a hard link): closing it here would
     *     drop the locks there
     */
    NamedFile open(Path path) throws IOException {
        return open(path, PosixFile::openToRead);
    }

    /** Opens the file that has this name now for locks that exclude others; not beside an application. */
    NamedFile openToLock(Path path) throws IOException {
        return open(path, PosixFile::openToLock);
    }

    private synchronized NamedFile open(Path path, NamedFile.Opener opener) throws IOException {
        NamedFile known = open.get(File.of(FileIdentity.of(path)));
        if (known != null) {
            if (embedding == Embedding.ALONE) {
                throw new SourceException.SeveralNames(path, known.file().path());
            }
            return known;
        }
        NamedFile opened = NamedFile.open(path, opener, this::discard);
        open.put(File.of(opened.identity()), opened);
        return opened;
    }

    private void discard(PosixFile file) throws IOException {
        if (embedding == Embedding.ALONE) {
            file.close();
        } else {
            strays.add(file);
        }
    }

    /** Gives a descriptor back. Runnel's own connections to the file are closed by now. */
    synchronized void release(NamedFile file) throws IOException {
        if (embedding == Embedding.ALONE) {
            open.remove(File.of(file.identity()));
            file.file().close();
        }
    }
}
