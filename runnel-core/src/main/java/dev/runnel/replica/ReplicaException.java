package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.RunnelException;
import java.util.Optional;
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

    /** A file is short, damaged, or not what its name says, or files do not fit together. The message names them. */
    public static final class Damaged extends ReplicaException {
        private static final long serialVersionUID = 1L;

        private final @Nullable String key;

        /** Files that are each as they must be, but do not make a whole. */
        public Damaged(String message, String nextStep) {
            super(message, nextStep, null);
            this.key = null;
        }

        /** One file. */
        public Damaged(String key, String message, String nextStep, @Nullable Throwable cause) {
            super(message, nextStep, cause);
            this.key = key;
        }

        /** The key of the damaged file, where it is one. */
        public Optional<String> key() {
            return Optional.ofNullable(key);
        }
    }

    /** A listing has more objects than the heap has room for. */
    public static final class TooManyObjects extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public TooManyObjects(String where, long most) {
            super(
                    where + " has more than " + most + " objects, for which the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB has no room. Nothing was changed there",
                    "Give Runnel a larger heap, with RUNNEL_JAVA_OPTS=-Xmx1g for two million objects; or let retention"
                            + " remove old objects; or delete snapshots and change sets that are no longer needed.",
                    null);
        }
    }

    /** A file of a plan is gone: retention may have been at work. What it held is in other files; plan again. */
    public static final class Vanished extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Vanished(String file, Throwable cause) {
            super(
                    file + " was there when the restore was planned, and is gone",
                    "Try again; if it happens again, look for what deletes files there.",
                    cause);
        }
    }

    /** The layout has no room for more. */
    public static final class Full extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Full(String where, Txid txid) {
            super(
                    where + ": TXID " + txid
                            + " does not fit into the layout of Litestream 0.3, which counts to 2147483647",
                    "Give the replica another location, and leave out \"layout\": that of Litestream 0.5 has no such limit.",
                    null);
        }
    }

    /** An object of ours to be is there already, and is not ours. */
    public static final class Foreign extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Foreign(String where, String key) {
            super(
                    where + ": " + key + " is there already and was not written by this Runnel",
                    "Another process writes to this replica. Stop it, or give this database a replica of its own; then start"
                            + " Runnel again.",
                    null);
        }
    }

    /** The newest objects are encrypted for keys that are not configured, and history may not continue without encryption. */
    public static final class Locked extends ReplicaException {
        private static final long serialVersionUID = 1L;

        public Locked(String where) {
            super(
                    where + ": the history there is encrypted, and no age keys are configured for it",
                    "Restore the \"age\" section of the replica's configuration. To continue without encryption after all,"
                            + " start Runnel once with -allow-unencrypted; what is encrypted stays. Or give the replica"
                            + " another path.",
                    null);
        }
    }
}
