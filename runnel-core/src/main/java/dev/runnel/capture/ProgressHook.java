package dev.runnel.capture;

import java.io.IOException;

/** What has to go on while something long is being done; whoever does it lets it go on every few milliseconds. */
@FunctionalInterface
public interface ProgressHook {
    /** For what is short, or must not be disturbed. */
    ProgressHook NOTHING = () -> {};

    /** What it throws ends what is being done. */
    void run() throws IOException;
}
