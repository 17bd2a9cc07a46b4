package dev.runnel.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's events. What they need of the system is taken when the first folder is watched, and tried again until it is there. */
final class SystemFolderWatch implements FolderWatch {
    /** Events that follow within this time are reported together: a busy writer makes thousands a second. */
    private static final long MERGE_NANOS = 2_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(SystemFolderWatch.class);

    /** An error that repeats must not keep a processor busy. */
    private static final long AFTER_AN_ERROR_NANOS = 100_000_000;

    /** Under this name are the listeners of all events. */
    private static final String ANY = "";

    /** By the name that each is interested in. */
    private final Map<WatchKey, Map<String, List<Listener>>> listeners = new ConcurrentHashMap<>();

    private Optional<WatchService> service = Optional.empty();
    private boolean closed;

    @Override
    public synchronized Closeable watch(Path folder, Set<String> names, Listener listener) throws IOException {
        WatchKey key;
        try {
            // Asking again for a folder that is watched gives the same key, for another folder of that name a new one.
            key = folder.register(
                    service(),
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (FileSystemException | ClosedWatchServiceException e) {
            throw e;
        } catch (IOException e) {
            throw new NoEventsException(folder, e);
        }
        Map<String, List<Listener>> byName = listeners.computeIfAbsent(key, _ -> new ConcurrentHashMap<>());
        Set<String> wanted = names.isEmpty() ? Set.of(ANY) : names;
        wanted.forEach(name ->
                byName.computeIfAbsent(name, _ -> new CopyOnWriteArrayList<>()).add(listener));
        return () -> forget(key, wanted, listener);
    }

    private WatchService service() throws IOException {
        if (closed) {
            throw new ClosedWatchServiceException();
        }
        if (service.isEmpty()) {
            WatchService opened = FileSystems.getDefault().newWatchService();
            Thread.ofPlatform().name("runnel-watch").daemon(true).start(() -> run(opened));
            service = Optional.of(opened);
        }
        return service.get();
    }

    private synchronized void forget(WatchKey key, Set<String> names, Listener listener) {
        Map<String, List<Listener>> byName = listeners.get(key);
        if (byName == null) {
            return;
        }
        for (String name : names) {
            byName.computeIfPresent(name, (_, told) -> {
                told.remove(listener);
                return told.isEmpty() ? null : told;
            });
        }
        if (byName.isEmpty()) {
            key.cancel();
            listeners.remove(key);
        }
    }

    /** Ends when the service is closed, and for no other reason. */
    private void run(WatchService opened) {
        while (true) {
            try {
                takeNext(opened);
            } catch (ClosedWatchServiceException e) {
                return;
            } catch (InterruptedException e) {
                LOG.debug("the thread that waits for file-system events was interrupted; it continues");
            } catch (RuntimeException | Error e) {
                LOG.error("file-system events: internal error; the events so far are lost, and watching continues", e);
                listeners.values().forEach(SystemFolderWatch::tellOfLoss);
                LockSupport.parkNanos(AFTER_AN_ERROR_NANOS);
            }
        }
    }

    private void takeNext(WatchService opened) throws InterruptedException {
        WatchKey key = opened.take();
        Map<String, List<Listener>> byName = listeners.getOrDefault(key, Map.of());
        try {
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.context() instanceof Path path) {
                    tell(byName, path.toString());
                } else {
                    tellOfLoss(byName);
                }
            }
            LockSupport.parkNanos(MERGE_NANOS);
        } finally {
            if (!key.reset()) {
                tellOfLoss(byName);
            }
        }
    }

    private static void tell(Map<String, List<Listener>> byName, String name) {
        byName.getOrDefault(name, List.of()).forEach(listener -> tell(listener, name));
        byName.getOrDefault(ANY, List.of()).forEach(listener -> tell(listener, name));
    }

    private static void tellOfLoss(Map<String, List<Listener>> byName) {
        byName.values().stream().flatMap(List::stream).distinct().forEach(listener -> tell(listener, ""));
    }

    /** What one listener throws is not a reason to tell the others nothing. */
    private static void tell(Listener listener, String name) {
        try {
            listener.changed(name);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "file-system events: a listener failed; it polls from now on, and the others are still notified",
                    e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (service.isPresent()) {
            service.get().close();
        }
    }
}
