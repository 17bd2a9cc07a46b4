package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the folders of a replica that is a folder, so that changes by other processes are noticed at once. Runnel's
 * own writes make events too; those come during the writes or right after.
 */
final class ReplicaWatch implements Closeable {
    private static final long OURS = Duration.ofMillis(100).toNanos();

    private final FolderEvents watch;
    private final Clock clock;
    private final Runnable onChange;
    private final Map<Path, Closeable> watched = new ConcurrentHashMap<>();
    private volatile boolean busy;
    private volatile long busyUntil;

    ReplicaWatch(FolderEvents watch, Clock clock, Runnable onChange) {
        this.watch = watch;
        this.clock = clock;
        this.onChange = onChange;
        this.busyUntil = clock.ticks();
    }

    /** Does something there ourselves. */
    void ours(Step step) throws IOException, InterruptedException {
        busy = true;
        try {
            step.run();
        } finally {
            busyUntil = clock.ticks() + OURS;
            busy = false;
        }
    }

    /** What we do at the replica. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Watches a folder that is not watched yet. One that does not exist, or gives no events, is left for later: the
     * regular check finds without events what is to be found.
     */
    void cover(Path folder) {
        if (!watched.containsKey(folder)) {
            watch.watch(folder, Set.of(), name -> changed(folder, name)).ifPresent(begun -> watched.put(folder, begun));
        }
    }

    private void changed(Path folder, String name) {
        if (name.isEmpty()) {
            // The folder itself may be gone.
            watched.remove(folder);
        }
        if (!busy && clock.ticks() - busyUntil > 0) {
            onChange.run();
        }
    }

    @Override
    public void close() {
        watched.values().forEach(FolderEvents::end);
    }
}
