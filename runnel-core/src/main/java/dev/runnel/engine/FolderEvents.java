package dev.runnel.engine;

import dev.runnel.platform.FolderWatch;
import dev.runnel.platform.NoEventsException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of all folders of one engine. If the system has none, that is logged once, and every listener polls. */
final class FolderEvents implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderEvents.class);

    private final FolderWatch folders;
    private final AtomicBoolean said = new AtomicBoolean();

    FolderEvents(FolderWatch folders) {
        this.folders = folders;
    }

    /**
     * Events of a folder until the result is closed; empty if there are none to be had now.
     *
     * @param names of the files that are of interest, all if empty
     */
    Optional<Closeable> watch(Path folder, Set<String> names, FolderWatch.Listener listener) {
        try {
            return Optional.of(folders.watch(folder, names, listener));
        } catch (NoEventsException e) {
            if (said.compareAndSet(false, true)) {
                LOG.warn("{}. {} Until then Runnel polls once a second.", e.reason(), e.nextStep());
            }
        } catch (IOException | ClosedWatchServiceException e) {
            LOG.debug("{}: no events: {}", folder, e.toString());
        }
        return Optional.empty();
    }

    /** Ends a watch that {@link #watch} has given. */
    static void end(Closeable watch) {
        try {
            watch.close();
        } catch (IOException e) {
            LOG.debug("ending a watch: {}", e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        folders.close();
    }
}
