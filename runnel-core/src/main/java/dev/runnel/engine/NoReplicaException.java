package dev.runnel.engine;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import java.time.Duration;

/** Nothing is known locally, and no replica says what it holds. */
final class NoReplicaException extends RunnelException {
    private static final long serialVersionUID = 1L;

    NoReplicaException(Path database, Duration limit) {
        super(
                database + ": no replica has responded within " + limit.toSeconds()
                        + " s, so it is unknown which TXIDs are in use; nothing is captured yet",
                "Check the replicas; Runnel tries them again.",
                null);
    }
}
