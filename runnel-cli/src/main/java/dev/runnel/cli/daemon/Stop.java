package dev.runnel.cli.daemon;

import java.time.Duration;

/** What tells the daemon to end. */
@FunctionalInterface
public interface Stop {
    /** Waits for a while at most; returns whether it is time to end. */
    boolean await(Duration atMost) throws InterruptedException;
}
