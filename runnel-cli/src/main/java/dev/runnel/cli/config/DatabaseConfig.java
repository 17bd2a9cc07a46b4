package dev.runnel.cli.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * One database and where its history goes. Paths are absolute.
 *
 * @param metaFolder where the local change log is
 * @param syncInterval how long commits are gathered under load before they are shipped
 * @param monitorInterval how often the database is looked at where file-system events do not tell
 * @param busyTimeout how long to wait for a lock of the application
 * @param walLimit size in bytes that the WAL may grow to before the last resort
 */
public record DatabaseConfig(
        Path path,
        Path metaFolder,
        ReplicaConfig replica,
        Duration syncInterval,
        Duration monitorInterval,
        Duration busyTimeout,
        Attach attach,
        JournalMode journalMode,
        Checkpoint checkpoint,
        long walLimit) {
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    public static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(1);
    public static final long DEFAULT_WAL_LIMIT = 64L << 20;

    /** When the database is held open. */
    public enum Attach {
        /** While another process has it open. */
        AUTO,
        ALWAYS
    }

    /** What becomes of a database that is not in WAL mode when it is first attached. */
    public enum JournalMode {
        /** It is switched to WAL. */
        WAL,
        /** It stays as it is. */
        KEEP
    }

    /** Whether Runnel may ask SQLite for a checkpoint when the WAL has passed its limit. */
    public enum Checkpoint {
        AUTO,
        NEVER
    }

    /** A database with everything but its replica left at the default. */
    public static DatabaseConfig of(Path path, ReplicaConfig replica) {
        return new DatabaseConfig(
                path,
                defaultMetaFolder(path),
                replica,
                DEFAULT_INTERVAL,
                DEFAULT_INTERVAL,
                DEFAULT_BUSY_TIMEOUT,
                Attach.AUTO,
                JournalMode.WAL,
                Checkpoint.AUTO,
                DEFAULT_WAL_LIMIT);
    }

    /** {@code .app.db-runnel} beside {@code app.db}. */
    static Path defaultMetaFolder(Path database) {
        return database.resolveSibling("." + database.getFileName() + "-runnel");
    }
}
