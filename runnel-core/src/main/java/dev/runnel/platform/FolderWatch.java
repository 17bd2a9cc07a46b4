package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * File-system events of folders, one watch for all that is of interest in a folder. Events are hints: they may be late,
 * merged or lost, so whoever listens looks for itself from time to time.
 */
public final class FolderWatch implements Closeable {
    /** Told on the watching thread, so it only hands work on. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something happened to a file.
         *
         * @param name its name in the folder; empty if events were lost and anything may have happened
         */
        void changed(String name);
    }

    /** Events that follow within this time are told together: a busy writer makes thousands a second. */
    private static final long MERGE_NANOS = 2_000_000;

    private final WatchService service;
    private final Map<Path, WatchKey> keys = new ConcurrentHashMap<>();
    private final Map<WatchKey, List<Listener>> listeners = new ConcurrentHashMap<>();

    public FolderWatch() throws IOException {
        service = FileSystems.getDefault().newWatchService();
        Thread.ofPlatform().name("runnel-watch").daemon(true).start(this::run);
    }

    /** Starts telling a listener of everything that happens in a folder, until the result is closed. */
    public synchronized Closeable watch(Path folder, Listener listener) throws IOException {
        WatchKey key = keys.get(folder);
        if (key == null || !key.isValid()) {
            key = folder.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            keys.put(folder, key);
        }
        WatchKey registered = key;
        listeners.computeIfAbsent(registered, _ -> new CopyOnWriteArrayList<>()).add(listener);
        return () -> forget(folder, registered, listener);
    }

    private synchronized void forget(Path folder, WatchKey key, Listener listener) {
        List<Listener> left = listeners.get(key);
        if (left != null) {
            left.remove(listener);
            if (left.isEmpty()) {
                key.cancel();
                listeners.remove(key);
                keys.remove(folder, key);
            }
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                List<Listener> told = listeners.getOrDefault(key, List.of());
                for (WatchEvent<?> event : key.pollEvents()) {
                    String name = event.context() instanceof Path path ? path.toString() : "";
                    told.forEach(listener -> listener.changed(name));
                }
                LockSupport.parkNanos(MERGE_NANOS);
                if (!key.reset()) {
                    told.forEach(listener -> listener.changed(""));
                }
            }
        } catch (ClosedWatchServiceException e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
