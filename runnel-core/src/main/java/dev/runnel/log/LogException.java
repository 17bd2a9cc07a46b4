package dev.runnel.log;

import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What can go wrong with a change log, apart from errors of the disk. */
public abstract sealed class LogException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private LogException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** The log has reached its limit. Nothing was written. */
    public static final class Full extends LogException {
        private static final long serialVersionUID = 1L;

        Full(Path folder, long size, long limit) {
            super(
                    folder + ": the change log takes " + size + " bytes; its limit is " + limit,
                    "Bring back the replicas that have not received these changes, or raise the limit.",
                    null);
        }
    }

    /** A file of the log is not as it was written. */
    public static final class Damaged extends LogException {
        private static final long serialVersionUID = 1L;

        private static final String DISK_NEXT_STEP =
                "Runnel starts from what the replica has; check this disk: it did not keep what was written to it.";

        Damaged(Path file, String what) {
            this(file, what, DISK_NEXT_STEP, null);
        }

        Damaged(Path file, LtxException cause) {
            this(file, String.valueOf(cause.getMessage()), DISK_NEXT_STEP, cause);
        }

        private Damaged(Path file, String what, String nextStep, @Nullable Throwable cause) {
            super(file + ": " + what, nextStep, cause);
        }

        /** A file without a checksum of the database that this version of Runnel could use. */
        static Damaged ofAnotherVersion(Path file) {
            return new Damaged(
                    file,
                    "its database checksum is of another version of Runnel, so the local history cannot be continued",
                    "Runnel compares the database with the replica and ships what differs. No action needed.",
                    null);
        }
    }

    /** A change set is no longer in the log. */
    public static final class Trimmed extends LogException {
        private static final long serialVersionUID = 1L;

        Trimmed(Path file, Txid txid, Throwable cause) {
            super(
                    file + ": TXID " + txid + " is no longer in the change log",
                    "Runnel takes these pages from the database. No action needed.",
                    cause);
        }
    }

    /** The next change set is there already, and this log did not write it. */
    public static final class Taken extends LogException {
        private static final long serialVersionUID = 1L;

        Taken(Path file, Throwable cause) {
            super(
                    file + " is there already and was not written by this process",
                    "Another Runnel process uses this database. Stop one of the two.",
                    cause);
        }
    }
}
