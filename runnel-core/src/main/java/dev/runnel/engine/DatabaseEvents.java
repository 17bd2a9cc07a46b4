package dev.runnel.engine;

import dev.runnel.platform.FolderWatch;
import dev.runnel.platform.Signal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file-system events of one database. A writer that never pauses makes thousands a second; while it does they are
 * switched off, and whoever follows looks by himself.
 */
final class DatabaseEvents {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseEvents.class);

    private final Path database;
    private final FolderWatch folders;
    private final Signal signal;
    private Optional<Closeable> watch = Optional.empty();
    private volatile boolean happened;

    DatabaseEvents(Path database, FolderWatch folders, Signal signal) {
        this.database = database;
        this.folders = folders;
        this.signal = signal;
    }

    /** Something happened since this was asked last. */
    boolean take() {
        boolean was = happened;
        happened = false;
        return was;
    }

    /** Switches them on or off. */
    void wanted(boolean wanted) {
        if (wanted) {
            on();
        } else {
            off();
        }
    }

    /** Switches them on. What happened before that is not known, so something counts as having happened. */
    synchronized void on() {
        if (watch.isPresent()) {
            return;
        }
        try {
            watch = Optional.of(folders.watch(folder(), this::changed));
            happened = true;
        } catch (IOException e) {
            LOG.debug("{}: no events: {}", database, e.toString());
        }
    }

    synchronized void off() {
        try {
            if (watch.isPresent()) {
                watch.get().close();
            }
        } catch (IOException e) {
            LOG.debug("{}: ending the watch: {}", database, e.toString());
        }
        watch = Optional.empty();
    }

    private Path folder() {
        return database.resolveSibling(".").normalize();
    }

    private void changed(String name) {
        if (name.isEmpty() || name.startsWith(String.valueOf(database.getFileName()))) {
            happened = true;
            signal.raise();
        }
    }
}
