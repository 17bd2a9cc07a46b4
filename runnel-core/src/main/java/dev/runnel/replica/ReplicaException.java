package dev.runnel.replica;

import dev.runnel.platform.RunnelException;
import org.jspecify.annotations.Nullable;

/** What can go wrong with a history. */
public abstract sealed class ReplicaException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private ReplicaException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** There is no history at all. */
    public static final class NothingToRestore extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public NothingToRestore(String where) {
            super(where + ": no matching backup files available", "Check the path of the replica.", null);
        }
    }

    /** The target is not restorable. The message names the nearest points that are. */
    public static final class NotReachable extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public NotReachable(String message, String nextStep) {
            super(message, nextStep, null);
        }
    }

    /** A file is missing, short, damaged, or not what its name says. The message names it and the nearest points. */
    public static final class Damaged extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Damaged(String message, String nextStep, @Nullable Throwable cause) {
            super(message, nextStep, cause);
        }
    }

    /** An object of ours to be is there already, and is not ours. */
    public static final class Foreign extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Foreign(String where, String key) {
            super(
                    where + ": " + key + " is there already and was not written by this Runnel",
                    "Another process writes to this replica. Stop it, or give this database a replica of its own.",
                    null);
        }
    }
}
