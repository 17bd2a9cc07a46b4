package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * File-system events of folders, one watch for all that is of interest in a folder. Events are hints: they may be late,
 * merged or lost, so each listener also polls from time to time.
 */
public interface FolderWatch extends Closeable {
    /** Told on the watching thread, so it only hands work on. */
    @FunctionalInterface
    interface Listener {
        /**
         * Something happened to a file.
         *
         * @param name its name in the folder; empty if events were lost and anything may have happened
         */
        void changed(String name);
    }

    /**
     * Starts telling a listener of what happens in a folder, until the result is closed.
     *
     * @param names of the files that are of interest, so that a thousand databases in one folder are not all told of each
     *     other; all files if empty
     * @throws NoEventsException if the system has no more events to give
     */
    Closeable watch(Path folder, Set<String> names, Listener listener) throws IOException;

    /** The machine's events. */
    static FolderWatch system() {
        return new SystemFolderWatch();
    }
}
