package dev.runnel.setup;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Attach;
import dev.runnel.engine.DatabaseSpec.Checkpoints;
import dev.runnel.engine.DatabaseSpec.Journal;
import dev.runnel.location.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * One database and where its history goes. Paths are absolute.
 *
 * @param metaFolder where the local change log is
 * @param replicas at least one, in the order of the file
 * @param busyTimeout how long to wait for a lock of the application
 * @param attach when the database is held open
 * @param journal what becomes of a database that is not in WAL mode when it is first attached
 * @param checkpoints whether Runnel may ask SQLite for checkpoints
 * @param walLimit size in bytes that the WAL may grow to before its reset is forced
 * @param logLimit size in bytes that the change log may grow to for replicas that lag behind, and for merging
 * @param fileSystems on which file systems the database is followed
 */
public record DatabaseConfig(
        Path path,
        Path metaFolder,
        List<ReplicaConfig> replicas,
        Duration busyTimeout,
        Attach attach,
        Journal journal,
        Checkpoints checkpoints,
        long walLimit,
        long logLimit,
        FileSystems fileSystems) {
    public static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofSeconds(1);
    public static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(1);

    public DatabaseConfig {
        replicas = List.copyOf(replicas);
    }

    /** A database with everything but its replicas left at the default. */
    public static DatabaseConfig of(Path path, List<Location> locations) {
        return new DatabaseConfig(
                path,
                DatabaseSpec.defaultMetaFolder(path),
                locations.stream().map(ReplicaConfig::at).toList(),
                DEFAULT_BUSY_TIMEOUT,
                Attach.AUTO,
                Journal.WAL,
                Checkpoints.AUTO,
                DatabaseSpec.DEFAULT_WAL_LIMIT,
                DatabaseSpec.DEFAULT_LOG_LIMIT,
                FileSystems.LOCAL);
    }

    /**
     * The same settings for another database, which has its history below this one's.
     *
     * @param relative to be added to the location of each replica
     */
    DatabaseConfig below(Path otherPath, Path otherMetaFolder, String relative) {
        return new DatabaseConfig(
                otherPath,
                otherMetaFolder,
                replicas.stream().map(replica -> replica.below(relative)).toList(),
                busyTimeout,
                attach,
                journal,
                checkpoints,
                walLimit,
                logLimit,
                fileSystems);
    }

    /** How long commits are gathered: all replicas get the same change sets, so the shortest interval decides. */
    public Duration syncInterval() {
        return replicas.stream()
                .map(ReplicaConfig::syncInterval)
                .min(Comparator.naturalOrder())
                .orElse(DEFAULT_SYNC_INTERVAL);
    }
}
