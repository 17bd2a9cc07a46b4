package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Config;
import dev.runnel.setup.ConflictException;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.FollowedDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what another configuration says: databases that are not in it any more are forgotten after a last sync, those that
 * it has otherwise are followed again with their new settings, and new ones are added. What was registered at the control
 * socket stays. The last syncs are done at the same time; none waits for another.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final FollowedDatabases followed;
    private final Duration lastSync;

    /** @param lastSync how long the last sync of a database may take */
    Reload(FollowedDatabases followed, Duration lastSync) {
        this.followed = followed;
        this.lastSync = lastSync;
    }

    /**
     * Applies it.
     *
     * @param before the configuration so far
     * @param found databases that were found in its folders later
     */
    void apply(Config before, Set<Path> found, Config now) throws InterruptedException {
        Map<Path, DatabaseConfig> wanted = byPath(now);
        Map<Path, DatabaseConfig> had = byPath(before);
        List<DatabaseConfig> ending = new ArrayList<>();
        for (DatabaseConfig database : followed.databases()) {
            boolean isOurs = had.containsKey(database.path()) || found.contains(database.path());
            if (isOurs && !database.equals(wanted.get(database.path()))) {
                ending.add(database);
            }
        }
        end(ending);
        wanted.values().forEach(this::add);
        if (!before.daemon().equals(now.daemon()) || !before.logging().equals(now.logging())) {
            LOG.warn(
                    "what the configuration says of the log, \"addr\", \"socket\", \"exec\", heartbeats and the last sync is"
                            + " read when Runnel starts. Restart it to change that.");
        }
        LOG.info(
                "the configuration was read again: {} databases",
                followed.databases().size());
    }

    private static Map<Path, DatabaseConfig> byPath(Config config) {
        Map<Path, DatabaseConfig> found = new HashMap<>();
        config.databases().stream()
                .filter(database -> !database.replicas().isEmpty())
                .forEach(database -> found.put(database.path(), database));
        return found;
    }

    private void end(List<DatabaseConfig> databases) throws InterruptedException {
        List<Thread> threads = databases.stream()
                .map(database ->
                        Thread.ofVirtual().name("end of " + database.path()).start(() -> end(database)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void end(DatabaseConfig database) {
        try {
            followed.drop(database, lastSync);
        } catch (ConflictException e) {
            LOG.warn("{}: {}", e.getMessage(), e.nextStep());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(DatabaseConfig database) {
        try {
            if (followed.register(database)) {
                LOG.atInfo().addKeyValue("path", database.path()).log("added database to replication");
            }
        } catch (ConflictException e) {
            LOG.error("{} is not followed: {}. {}", database.path(), e.getMessage(), e.nextStep());
        }
    }
}
