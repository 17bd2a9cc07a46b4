package dev.runnel.store;

import dev.runnel.platform.RunnelException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What can go wrong at an object store. The message names the store and the key. */
public abstract sealed class StoreException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private StoreException(String message, String nextStep, @Nullable Throwable cause) {
        super(message, nextStep, cause);
    }

    /** There is no such object. */
    public static final class NotFound extends StoreException {
        private static final long serialVersionUID = 1L;

        public NotFound(String location, String key) {
            super(location + ": no object " + key, "List the replica to see what is there.", null);
        }
    }

    /** The key is taken, and the put was not to replace it. */
    public static final class Exists extends StoreException {
        private static final long serialVersionUID = 1L;

        public Exists(String location, String key) {
            super(
                    location + ": " + key + " exists already",
                    "Look for a second writer on this replica; give each database a location of its own.",
                    null);
        }
    }

    /** We may not. */
    public static final class AccessDenied extends StoreException {
        private static final long serialVersionUID = 1L;

        public AccessDenied(String location, String key, Throwable cause) {
            this(location, key, cause, "Grant the user Runnel runs as read and write access there.");
        }

        public AccessDenied(String location, String key, Throwable cause, String nextStep) {
            super(location + ": access to " + key + " is denied: " + cause.getMessage(), nextStep, cause);
        }
    }

    /** It does not work now: no space, no connection, an error of the device. Worth another try. */
    public static final class Unavailable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String location, String what, Throwable cause) {
            this(location, what, cause, "Check that the location is reachable and has space.");
        }

        public Unavailable(String location, String what, Throwable cause, String nextStep) {
            super(location + ": " + what + ": " + cause.getMessage(), nextStep, cause);
        }
    }

    /** The content to be stored could not be read: nothing is wrong with the store. */
    public static final class BodyFailed extends StoreException {
        private static final long serialVersionUID = 1L;

        private final IOException fault;

        public BodyFailed(String location, String key, IOException fault) {
            super(
                    location + ": the content of " + key + " could not be read: " + fault.getMessage(),
                    "Check the source of the content: reading it failed, and the replica is not at fault.",
                    fault);
            this.fault = fault;
        }

        /** What the body threw. */
        public IOException fault() {
            return fault;
        }
    }

    /** What is stored is not what was put: bytes are missing or differ. */
    public static final class Damaged extends StoreException {
        private static final long serialVersionUID = 1L;

        public Damaged(String location, String key, String what) {
            super(
                    location + "/" + key + ": " + what,
                    "The object is damaged; use another copy of it, or restore a point before it.",
                    null);
        }
    }

    /** An object cannot be encrypted or decrypted with the keys there are. */
    public static final class Encryption extends StoreException {
        private static final long serialVersionUID = 1L;

        public Encryption(String location, String key, String what, String nextStep) {
            super(location + "/" + key + ": " + what, nextStep, null);
        }
    }
}
