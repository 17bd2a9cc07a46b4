package dev.runnel.setup;

import dev.runnel.platform.FolderWatch;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the databases that appear in a folder, and ends following those that are gone. Events say when to look; it also
 * looks from time to time, so that one that was lost only costs time.
 */
public final class FolderFollowing implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderFollowing.class);

    /** A file that is written, or replaced under its name, is looked at once. */
    private static final Duration SETTLING = Duration.ofMillis(250);

    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration LAST_SYNC = Duration.ofSeconds(30);

    private final DatabaseFolder folder;
    private final FollowedDatabases followed;
    private final FolderWatch events;

    /** And which file each is. */
    private final Map<Path, Object> members = new ConcurrentHashMap<>();

    /** Members that are gone, until their last sync has ended: one may be there again already, under another name. */
    private final Map<Path, Object> ending = new ConcurrentHashMap<>();

    private final Set<Path> refused = new HashSet<>();
    private final Map<Path, Closeable> watched = new HashMap<>();
    private boolean hasEvents = true;
    private final AtomicBoolean isDue = new AtomicBoolean();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("folders").factory());

    private FolderFollowing(DatabaseFolder folder, FollowedDatabases followed, FolderWatch events) {
        this.folder = folder;
        this.followed = followed;
        this.events = events;
    }

    /**
     * Begins.
     *
     * @param members what was found in the folder when it was read last, and is followed
     * @param events not closed with this
     */
    public static FolderFollowing start(
            DatabaseFolder folder, List<DatabaseConfig> members, FollowedDatabases followed, FolderWatch events) {
        FolderFollowing following = new FolderFollowing(folder, followed, events);
        members.forEach(member -> following.members.put(member.path(), member.path()));
        var _ = following.looks.scheduleWithFixedDelay(following::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return following;
    }

    /** Those of its databases that are followed. */
    public Set<Path> members() {
        return Set.copyOf(members.keySet());
    }

    /** On the thread of the events: a busy database changes its files all the time, and that is of no interest. */
    private void changed(Path parent, String name) {
        Path file = parent.resolve(name);
        boolean isNews = name.isEmpty()
                || (folder.isDatabaseName(name) && (!members.containsKey(file) || !Files.exists(file)))
                || (folder.isRecursive() && !members.containsKey(file) && Files.isDirectory(file));
        if (isNews) {
            lookSoon();
        }
    }

    private void lookSoon() {
        if (isDue.compareAndSet(false, true)) {
            try {
                var _ = looks.schedule(this::look, SETTLING.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException _) {
                LOG.debug("{}: closed", folder.folder());
            }
        }
    }

    private void look() {
        isDue.set(false);
        try {
            DatabaseFolder.Content content = folder.scan(known());
            for (Path member : List.copyOf(members.keySet())) {
                if (!content.files().containsKey(member) && !Files.exists(member)) {
                    remove(member);
                }
            }
            content.files().forEach(this::see);
            watch(content.folders());
        } catch (IOException e) {
            LOG.warn(
                    "{}: databases that come and go are not noticed: {}. Runnel tries again by itself.",
                    folder.folder(),
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: internal error; Runnel reads it again in a minute", folder.folder(), e);
        }
    }

    /** All databases of this process, and which file each is. */
    private Map<Path, Object> known() throws IOException {
        Map<Path, Object> known = new HashMap<>(ending);
        known.putAll(members);
        known.putAll(followed.files());
        return known;
    }

    private void see(Path path, Object file) {
        if (ending.containsKey(path) || ending.containsValue(file)) {
            return;
        }
        members.replace(path, file);
        // A member that is not known any more was unregistered by someone else, and its file is still here. One that is
        // known under another name is not found in the folder.
        if (!followed.isKnown(path)) {
            add(folder.member(path), file);
        }
    }

    private void add(DatabaseConfig database, Object file) {
        try {
            followed.register(database);
            members.put(database.path(), file);
            refused.remove(database.path());
            LOG.atInfo().addKeyValue("path", database.path()).log("added database to replication");
        } catch (ConflictException e) {
            if (refused.add(database.path())) {
                LOG.error("{}: not followed: {}. {}", database.path(), e.getMessage(), e.nextStep());
            }
        }
    }

    /** Its last sync takes time, and keeps no other database waiting. */
    private void remove(Path path) {
        Object file = members.remove(path);
        Optional<FollowedDatabases.Entry> entry = followed.find(path);
        if (file == null || entry.isEmpty()) {
            return;
        }
        ending.put(path, file);
        Thread.ofVirtual().name("end of " + path).start(() -> {
            try {
                followed.drop(entry.get().config(), LAST_SYNC);
            } catch (ConflictException e) {
                LOG.debug("{} is ending already", path, e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                ending.remove(path);
                lookSoon();
            }
        });
    }

    /** What was put into a new folder before it was watched is found by a look after that. */
    private void watch(Set<Path> folders) {
        boolean isNew = false;
        try {
            for (Path path : List.copyOf(watched.keySet())) {
                if (!folders.contains(path)) {
                    end(path);
                }
            }
            for (Path path : folders) {
                if (!watched.containsKey(path)) {
                    watched.put(path, events.watch(path, Set.of(), name -> changed(path, name)));
                    isNew = true;
                }
            }
        } catch (IOException e) {
            if (hasEvents) {
                LOG.warn(
                        "{}: no events: {}. Databases that come and go are noticed within a minute.",
                        folder.folder(),
                        e.getMessage());
            }
            hasEvents = false;
            return;
        }
        hasEvents = true;
        if (isNew) {
            lookSoon();
        }
    }

    private void end(Path path) throws IOException {
        Closeable watch = watched.remove(path);
        if (watch != null) {
            watch.close();
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
