package dev.runnel.engine;

import dev.runnel.platform.RunnelException;
import java.time.Duration;

/** An actor has not worked on a request within the limit, so the request was withdrawn. */
final class UnresponsiveException extends RunnelException {
    private static final long serialVersionUID = 1L;

    /** @param subject names the actor */
    UnresponsiveException(String subject, Duration limit, Throwable cause) {
        super(
                subject + " has not been read for " + limit.toSeconds() + " s",
                "Runnel tries again by itself; the state of the database says what it waits for.",
                cause);
    }
}
