package dev.runnel.ledger;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a ledger. */
public abstract sealed class LedgerException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private LedgerException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** There is none, or it is damaged, or it does not belong to the change log. It has to be rebuilt. */
    public static final class Lost extends LedgerException {
        private static final long serialVersionUID = 1L;

        Lost(Path ledger, String what) {
            this(ledger, what, null);
        }

        Lost(Path ledger, String what, @Nullable Throwable cause) {
            super(
                    ledger + ": " + what,
                    "Runnel rebuilds the ledger from the database or from a replica. No action needed.",
                    cause);
        }
    }

    /** An update or a checkpoint failed half-way. What the file holds is for {@link Ledger#recover} to put right. */
    public static final class Interrupted extends LedgerException {
        private static final long serialVersionUID = 1L;

        Interrupted(Path ledger) {
            super(
                    ledger + ": an earlier update failed half-way",
                    "Runnel recovers the ledger from the change log; look for the error of the disk before this one.",
                    null);
        }
    }

    /** The database has grown, and a new page is not among the entries: the change set is not whole. */
    public static final class GrowthMissing extends LedgerException {
        private static final long serialVersionUID = 1L;

        GrowthMissing(Path ledger, int page, int pageCount) {
            super(
                    ledger + ": the database has grown to " + pageCount + " pages, but its new page " + page
                            + " was not captured",
                    "Runnel repairs the gap by a scan of the database. No action needed.",
                    null);
        }
    }
}
