package dev.runnel.sqlite;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;

/**
 * Connections to a file that is open already. SQLite opens by name, and a name can be given to another file at any time; so
 * a connection is handed out only once it is clear which file SQLite has opened.
 */
final class ConnectionByName {
    private ConnectionByName() {}

    /**
     * Opens a connection to this very file and begins a read transaction on it.
     *
     * @throws SourceException.Discontinuity if SQLite may have opened another file
     */
    static SqliteConnection begin(DatabaseFile file, Duration busyTimeout) throws IOException {
        return begin(file, busyTimeout, DatabaseFile::isStillInPlace);
    }

    /**
     * The same where this process has no other connection to the file. Then SQLite's lock tells that it has opened this one,
     * even if the name leads elsewhere by now.
     */
    static SqliteConnection beginFirst(DatabaseFile file, Duration busyTimeout) throws IOException {
        return begin(file, busyTimeout, opened -> opened.isStillInPlace() || opened.isOpenHere());
    }

    private static SqliteConnection begin(DatabaseFile file, Duration busyTimeout, Proof proof) throws IOException {
        file.requireInPlace();
        SqliteConnection connection = SqliteConnection.open(file.path(), busyTimeout);
        boolean isOurs = false;
        try {
            // SQLite opens the WAL, and locks the file, at the first read.
            connection.begin();
            isOurs = proof.holds(file);
        } finally {
            if (!isOurs) {
                close(connection, file);
            }
        }
        if (!isOurs) {
            throw new SourceException.Discontinuity(
                    file.name().configured() + ": the file was replaced while SQLite opened it for Runnel");
        }
        return connection;
    }

    /** That SQLite has opened this file, and not the one that got its name meanwhile. */
    @FunctionalInterface
    private interface Proof {
        boolean holds(DatabaseFile file) throws IOException;
    }

    /**
     * Closes a connection that may be one to the file that has the name now, together with the WAL of ours. As the last one
     * of that file, SQLite would copy the WAL into it.
     */
    static void close(SqliteConnection connection, DatabaseFile file) throws IOException {
        if (file.hasRealName()) {
            connection.close();
            return;
        }
        NamedFile now;
        try {
            now = file.descriptors().open(file.path());
        } catch (NoSuchFileException | SourceException.SeveralNames _) {
            // SQLite finds that the file was moved, or that others in this process have it open.
            connection.close();
            return;
        }
        try {
            // Refused only while another process has that file alone, and then the connection is not one to it.
            DatabaseFile.preventLastClose(now.file());
            connection.close();
        } finally {
            DatabaseFile.allowLastClose(now.file());
            file.descriptors().release(now);
        }
    }
}
