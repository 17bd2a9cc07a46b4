package dev.runnel.restore;

import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can go wrong where a database is restored to. What is wrong with the history is a ReplicaException. */
public abstract sealed class RestoreException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private RestoreException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** The output is a folder. */
    public static final class OutputIsFolder extends RestoreException {
        private static final long serialVersionUID = 1L;

        OutputIsFolder(Path output) {
            super(output + " is a folder", "Name the file that the database is to be restored to.", null);
        }
    }

    /** There is a database already, or what SQLite left beside one. It is as it was. */
    public static final class OutputExists extends RestoreException {
        private static final long serialVersionUID = 1L;

        OutputExists(Path found) {
            super(
                    found + " exists already",
                    "Restore to another path, or replace the database with -force once nothing uses it.",
                    null);
        }

        OutputExists(Path found, Path restored) {
            super(
                    found + " has appeared during the restore",
                    "The restored database is complete and is kept as " + restored + "; move it to where you want it.",
                    null);
        }
    }

    /** A process uses the database that is to be replaced. It is as it was. */
    public static final class InUse extends RestoreException {
        private static final long serialVersionUID = 1L;

        /** @param use in words, after the name of the database */
        InUse(Path database, String use) {
            super(
                    database + " " + use + ". Nothing was changed: what that process commits after the database is"
                            + " replaced would be lost",
                    "Stop that process and run the same command again.",
                    null);
        }

        InUse(InUse earlier, Path restored) {
            super(
                    earlier.reason(),
                    "Stop that process and run the same command again; it continues with what was fetched, which is kept"
                            + " as " + restored + ".",
                    earlier);
        }
    }

    /** SQLite finds the restored database corrupt. It is kept for inspection. */
    public static final class IntegrityFailed extends RestoreException {
        private static final long serialVersionUID = 1L;

        IntegrityFailed(Path restored, List<String> problems, ProvenBy provenBy) {
            super(
                    "integrity check of the restored database: " + String.join("; ", problems),
                    switch (provenBy) {
                        case DATABASE_CHECKSUM ->
                            "It is what the source was, byte for byte, so the source is corrupt too. It is kept as "
                                    + restored + "; restore an earlier point.";
                        case FILE_CHECKSUMS ->
                            "It is kept as " + restored + "; restore an earlier point, or without the check.";
                    },
                    null);
        }
    }

    /** The database cannot be written there. */
    public static final class CannotWrite extends RestoreException {
        private static final long serialVersionUID = 1L;

        CannotWrite(Path output, IOException cause) {
            super(
                    output + " cannot be restored: " + cause,
                    "Check that the folder can be written and has room for the whole database.",
                    cause);
        }
    }

    /** The database is restored, but cannot get its name. */
    public static final class NotPublished extends RestoreException {
        private static final long serialVersionUID = 1L;

        NotPublished(Path output, Path restored, IOException cause) {
            super(
                    "%s cannot be replaced by the restored database, %s: %s. What was there before is unchanged"
                            .formatted(output, restored, cause),
                    "The restored database is complete. Remove the cause and run the same command again: it continues"
                            + " with that file.",
                    cause);
        }
    }
}
