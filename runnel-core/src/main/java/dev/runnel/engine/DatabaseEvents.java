package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Signal;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The file-system events of one database. A writer that never pauses makes thousands a second; while it does they are
 * switched off, and whoever follows looks by himself. So does he where there are none.
 */
final class DatabaseEvents {
    private static final Duration LOOK_WITHOUT = Duration.ofSeconds(1);
    private static final long TRY_AGAIN = Duration.ofSeconds(10).toNanos();

    private final Path database;
    private final FolderEvents folders;
    private final Clock clock;
    private final Signal signal;
    private Optional<Closeable> watch = Optional.empty();
    private Optional<Long> failedAt = Optional.empty();
    private volatile boolean happened;

    DatabaseEvents(Path database, FolderEvents folders, Clock clock, Signal signal) {
        this.database = database;
        this.folders = folders;
        this.clock = clock;
        this.signal = signal;
    }

    /** Something happened since this was asked last. */
    boolean take() {
        boolean was = happened;
        happened = false;
        return was;
    }

    /** How long to wait for one, if that is how long one would wait with events. */
    synchronized Duration await(Duration with) {
        return watch.isPresent() || with.compareTo(LOOK_WITHOUT) < 0 ? with : LOOK_WITHOUT;
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
        if (watch.isPresent() || hasJustFailed()) {
            return;
        }
        watch = folders.watch(database.resolveSibling(".").normalize(), names(), _ -> changed());
        failedAt = watch.isPresent() ? Optional.empty() : Optional.of(clock.ticks());
        happened |= watch.isPresent();
    }

    private boolean hasJustFailed() {
        return failedAt.isPresent() && clock.ticks() - failedAt.get() < TRY_AGAIN;
    }

    synchronized void off() {
        watch.ifPresent(FolderEvents::end);
        watch = Optional.empty();
    }

    /** Switches them off and on: the folder may be another one by now. */
    void renew() {
        off();
        on();
    }

    private Set<String> names() {
        String name = String.valueOf(database.getFileName());
        return Set.of(name, name + "-wal", name + "-shm", name + "-journal");
    }

    private void changed() {
        happened = true;
        signal.raise();
    }
}
