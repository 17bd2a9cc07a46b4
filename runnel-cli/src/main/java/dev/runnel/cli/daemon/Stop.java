package dev.runnel.cli.daemon;

import java.time.Duration;

/** What tells the daemon to end, or to read its configuration again. */
@FunctionalInterface
public interface Stop {
    /** Waits for a while at most; returns whether it is time to end. */
    boolean await(Duration atMost) throws InterruptedException;

    /** Whether the configuration is to be read again; once for each time that somebody asked. */
    default boolean takeReload() {
        return false;
    }
}
