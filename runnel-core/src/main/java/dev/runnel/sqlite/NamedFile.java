package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An open file, and which file it is.
 *
 * @param identity size and time as of opening
 */
record NamedFile(PosixFile file, FileIdentity identity) {
    private static final int TRIES = 20;

    /** How to open a file. */
    @FunctionalInterface
    interface Opener {
        PosixFile open(Path path) throws IOException;
    }

    /** What to do with an open file that is not the one that was meant. */
    @FunctionalInterface
    interface Closer {
        void close(PosixFile file) throws IOException;
    }

    /**
     * Opens the file that has this name now. A name may be given to another file at any time; one that led to the same file
     * before and after opening is the name of the file that was opened, because an open file keeps its inode.
     */
    static NamedFile open(Path path, Opener opener, Closer closer) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            FileIdentity before = FileIdentity.of(path);
            PosixFile file = opener.open(path);
            boolean done = false;
            try {
                FileIdentity after = FileIdentity.of(path);
                if (after.isSameFile(before)) {
                    done = true;
                    return new NamedFile(file, after);
                }
            } finally {
                if (!done) {
                    closer.close(file);
                }
            }
        }
        throw new IOException(path + ": was replaced " + TRIES + " times while it was opened");
    }

    /** Opens a file that carries no locks of SQLite. */
    static NamedFile openToRead(Path path) throws IOException {
        return open(path, PosixFile::openToRead, PosixFile::close);
    }

    /** Whether a name leads to this file now. */
    boolean has(Path name) throws IOException {
        return DatabaseName.isNameOf(name, identity);
    }
}
