package dev.runnel.engine;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Signal;
import dev.runnel.sqlite.DatabaseName;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file-system events of one database. A writer that never pauses makes thousands a second; while it does, they are
 * switched off, and the follower polls. It also polls where there are no events.
 */
final class DatabaseEvents {
    private static final Duration LOOK_WITHOUT = Duration.ofSeconds(1);
    private static final long TRY_AGAIN = Duration.ofSeconds(10).toNanos();

    private final Path database;
    private final FolderEvents folders;
    private final Clock clock;
    private final Signal signal;
    private final List<Closeable> watches = new ArrayList<>();
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
        return !watches.isEmpty() || with.compareTo(LOOK_WITHOUT) < 0 ? with : LOOK_WITHOUT;
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
        if (!watches.isEmpty() || hasJustFailed()) {
            return;
        }
        DatabaseName name = DatabaseName.resolveIfThere(database);
        watch(name.real());
        if (!watches.isEmpty() && !name.real().equals(name.configured())) {
            // A link that is changed to lead elsewhere is changed here.
            watch(name.configured());
        }
        failedAt = watches.isEmpty() ? Optional.of(clock.ticks()) : Optional.empty();
        happened |= !watches.isEmpty();
    }

    private void watch(Path file) {
        folders.watch(file.resolveSibling(".").normalize(), names(file), _ -> changed())
                .ifPresent(watches::add);
    }

    private boolean hasJustFailed() {
        return failedAt.isPresent() && clock.ticks() - failedAt.get() < TRY_AGAIN;
    }

    synchronized void off() {
        watches.forEach(FolderEvents::end);
        watches.clear();
    }

    /** Switches them off and on: the folder may be another one by now. */
    void renew() {
        off();
        on();
    }

    private static Set<String> names(Path file) {
        String name = String.valueOf(file.getFileName());
        return Set.of(name, name + "-wal", name + "-shm", name + "-journal");
    }

    private void changed() {
        happened = true;
        signal.raise();
    }
}
