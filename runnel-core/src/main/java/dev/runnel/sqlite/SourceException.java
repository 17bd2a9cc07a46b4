package dev.runnel.sqlite;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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
    }

    /** The WAL does not continue from where we were: what lies between is to be found by comparing pages. */
    public static final class Discontinuity extends SourceException {
        private static final long serialVersionUID = 1L;

        public Discontinuity(String message) {
            super(message, "Nothing to do: Runnel compares the database with its ledger and ships what differs.", null);
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

    /** The database is in rollback mode, and is to be left so. */
    public static final class NotInWalMode extends SourceException {
        private static final long serialVersionUID = 1L;

        public NotInWalMode(Path database) {
            super(
                    database + ": is in rollback mode, and journal-mode: keep forbids to change that",
                    "Switch it with PRAGMA journal_mode=wal, or take journal-mode: keep out of the configuration.",
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
