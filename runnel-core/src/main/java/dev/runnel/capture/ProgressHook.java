package dev.runnel.capture;

import java.io.IOException;

/** Work that has to continue during a long task; the task calls it every few milliseconds. */
@FunctionalInterface
public interface ProgressHook {
    /** For what is short, or must not be disturbed. */
    ProgressHook NOTHING = () -> {};

    /** What it throws ends what is being done. */
    void run() throws IOException;
}
