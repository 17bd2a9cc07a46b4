package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The one owner of descriptors of database files and wal-indexes. Closing one of them drops, in silence, every lock that
 * SQLite holds on that file in this process; so each file is opened once, and closed only when this process is Runnel's
 * own and Runnel's connections to it are closed already.
 */
public final class Descriptors {
    private final Embedding embedding;
    private final Map<FileIdentity, PosixFile> kept = new HashMap<>();

    public Descriptors(Embedding embedding) {
        this.embedding = embedding;
    }

    Embedding embedding() {
        return embedding;
    }

    synchronized PosixFile open(Path path) throws IOException {
        if (embedding == Embedding.ALONE) {
            return PosixFile.openToRead(path);
        }
        FileIdentity file = FileIdentity.of(path);
        FileIdentity key = new FileIdentity(file.device(), file.inode(), 0, 0);
        PosixFile open = kept.get(key);
        if (open == null) {
            open = PosixFile.openToRead(path);
            kept.put(key, open);
        }
        return open;
    }

    /** Gives a descriptor back. Runnel's own connections to the file are closed by now. */
    void release(PosixFile file) throws IOException {
        if (embedding == Embedding.ALONE) {
            file.close();
        }
    }
}
