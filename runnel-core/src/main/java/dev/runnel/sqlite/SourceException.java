package dev.runnel.sqlite;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** What can go wrong with the files of a live database. */
public abstract sealed class SourceException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private SourceException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** SQLite would not let us read, open or checkpoint now. */
    public static final class Refused extends SourceException {
        private static final long serialVersionUID = 1L;

        public Refused(String message, Throwable cause) {
            super(
                    message + ": " + cause.getMessage(),
                    "Runnel tries again by itself; look for a process that keeps the database locked.",
                    cause);
        }

        /** Whether another process's lock was the reason. */
        public boolean isBusy() {
            return getCause() instanceof SQLException sql && sql.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code;
        }
    }

    /** The WAL does not continue from where we were: what lies between is to be found by comparing pages. */
    public static final class Discontinuity extends SourceException {
        private static final long serialVersionUID = 1L;

        public Discontinuity(String message) {
            super(
                    message,
                    "Runnel compares the database with its ledger and ships what differs. No action needed.",
                    null);
        }
    }

    /** Whatever has the database's name is none. */
    public static final class NotADatabase extends SourceException {
        private static final long serialVersionUID = 1L;

        /** @param found what is there, as the end of a sentence */
        public NotADatabase(Path file, String found) {
            super(
                    file + ": is not a SQLite database: " + found,
                    "Name the database itself; one that is encrypted as a whole cannot be followed.",
                    null);
        }
    }

    /** SQLite and Java would open different files under this name. */
    public static final class UnusableName extends SourceException {
        private static final long serialVersionUID = 1L;

        public UnusableName(Path database, String encoding) {
            super(
                    database + ": the locale's encoding is " + encoding
                            + ", but SQLite takes file names in UTF-8: the two can be different files",
                    "Start the program with LC_ALL=C.UTF-8.",
                    null);
        }
    }

    /** SQLite opened another name than the one it was given. */
    public static final class OtherFileOpened extends SourceException {
        private static final long serialVersionUID = 1L;

        public OtherFileOpened(Path database, String opened) {
            super(
                    database + ": SQLite opened " + (opened.isEmpty() ? "no file" : opened) + " instead",
                    "Nothing was read or written. Rename the database, or give its real path.",
                    null);
        }
    }

    /** A database file has two names, and is followed under the other one. */
    public static final class SeveralNames extends SourceException {
        private static final long serialVersionUID = 1L;

        public SeveralNames(Path database, Path other) {
            super(
                    database + " is the same file as " + other + ", which Runnel already follows",
                    "Remove one of the two from the configuration. SQLite keeps a -wal for each name of a file,"
                            + " so every program must open the database under one name.",
                    null);
        }
    }

    /** Another Runnel follows the same file, perhaps under another name or with another meta folder. */
    public static final class FollowedElsewhere extends SourceException {
        private static final long serialVersionUID = 1L;

        public FollowedElsewhere(Path database) {
            super(
                    database + ": another Runnel process follows this file",
                    "Stop one of the two. Runnel tries again by itself.",
                    null);
        }
    }

    /** A transaction was interrupted, and only a process that may write to the database can roll it back. */
    public static final class HotJournal extends SourceException {
        private static final long serialVersionUID = 1L;

        public HotJournal(Path database) {
            super(
                    database + "-journal is the journal of an interrupted transaction",
                    "Open the database with the application once; SQLite then rolls the transaction back.",
                    null);
        }
    }

    /** A database in rollback mode changed again before all of its pages were compared. */
    public static final class Restless extends SourceException {
        private static final long serialVersionUID = 1L;

        public Restless(Path database, long millis) {
            super(
                    database
                            + ": is in rollback mode and changes more often than it can be read, which takes more than "
                            + millis + " ms",
                    "Runnel keeps trying. It needs one pause of that length; in WAL mode it needs none"
                            + " (PRAGMA journal_mode=wal).",
                    null);
        }
    }

    /** Our own SQLite can lose frames. */
    public static final class FaultyLibrary extends SourceException {
        private static final long serialVersionUID = 1L;

        public FaultyLibrary(String version) {
            super(
                    "the SQLite library in use is " + version + ", which can lose committed frames (WAL-reset bug)",
                    "Use sqlite-jdbc 3.51.3.0 or newer.",
                    null);
        }
    }

    /** A page that must be there is not: the database itself is damaged. */
    public static final class MissingPage extends SourceException {
        private static final long serialVersionUID = 1L;

        public MissingPage(String message) {
            super(message, "Run PRAGMA integrity_check on the database.", null);
        }
    }
}
