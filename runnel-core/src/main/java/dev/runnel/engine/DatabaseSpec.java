package dev.runnel.engine;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.replica.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One database to follow.
 *
 * @param path the database file, absolute
 * @param metaFolder where Runnel keeps its change log and ledger for it
 * @param replicas where its history goes
 * @param syncInterval a busy database ships once in this time; after a quiet time a change is shipped at once
 * @param busyTimeout how long our own connections wait for a lock
 * @param attach whether to detach when no other process has the database open
 * @param journal what to do with a database in rollback mode
 * @param checkpoints whether Runnel may ever checkpoint
 * @param walLimit bytes of WAL past which the WAL reset is forced
 * @param logLimit bytes that the local change log may take for replicas that lag behind, and for merging
 * @param fileSystems on which file systems it is followed
 */
public record DatabaseSpec(
        Path path,
        Path metaFolder,
        List<ReplicaSpec> replicas,
        Duration syncInterval,
        Duration busyTimeout,
        Attach attach,
        Journal journal,
        Checkpoints checkpoints,
        long walLimit,
        long logLimit,
        FileSystems fileSystems) {
    /** The WAL limit unless told otherwise: 64 MiB. */
    public static final long DEFAULT_WAL_LIMIT = 64L << 20;

    /** The limit of the change log unless told otherwise: 1 GiB. */
    public static final long DEFAULT_LOG_LIMIT = 1L << 30;

    /**
     * One replica.
     *
     * @param name what it is called in messages
     * @param failureDomain the same for replicas that fail together, such as all in one bucket
     * @param folders local folders that hold its files, to be watched; none if it is not a folder
     * @param intervals how often to see what is there
     * @param duties what is done there besides shipping
     */
    public record ReplicaSpec(
            String name,
            String failureDomain,
            Replica replica,
            List<Path> folders,
            ListingIntervals intervals,
            Set<Duty> duties) {
        public ReplicaSpec {
            duties = Set.copyOf(duties);
        }

        /** A replica that is kept as its policy says. */
        public ReplicaSpec(
                String name, String failureDomain, Replica replica, List<Path> folders, ListingIntervals intervals) {
            this(name, failureDomain, replica, folders, intervals, Set.of(Duty.MAINTENANCE, Duty.SCHEDULED_BASELINES));
        }

        /** The same at a place of its own. */
        public ReplicaSpec(String name, Replica replica, List<Path> folders, ListingIntervals intervals) {
            this(name, name, replica, folders, intervals);
        }
    }

    /** What can be done at a replica besides shipping. */
    public enum Duty {
        /** Merging and removing, as the replica's policy says. */
        MAINTENANCE,
        /** Baselines when they are due. */
        SCHEDULED_BASELINES,
        /** One baseline of what is there when all is shipped, and maintenance, if it is a duty, after that. */
        ONE_BASELINE,
        /**
         * Continuing, with a snapshot, above history that is encrypted for keys that are not configured. Without it such a
         * replica is not written at all.
         */
        LEAVE_ENCRYPTED
    }

    /**
     * How often a replica is listed, to see whether it is complete, and to remove obsolete objects.
     *
     * @param changing while the database changes
     * @param idle while it does not
     * @param inTrouble how long the pauses between listings may become while it fails, whatever the database does
     */
    public record ListingIntervals(Duration changing, Duration idle, Duration inTrouble) {
        /** For a folder, where a listing costs next to nothing. */
        public static final ListingIntervals OFTEN =
                new ListingIntervals(Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(5));

        /** For a store where every listing costs money: an hour of failure costs some 120. */
        public static final ListingIntervals SELDOM =
                new ListingIntervals(Duration.ofHours(1), Duration.ofHours(1), Duration.ofSeconds(30));

        /** Retention on another machine cannot free a key within this time that a listing has shown to be free. */
        private static final Duration LONGEST_TRUST = Duration.ofSeconds(150);

        /**
         * For how long a listing, or an upload of our own, proves that no other process writes there: a second writer's
         * objects certainly stay for twice as long.
         *
         * @param kept how long retention keeps a new object at least
         */
        Duration trust(Duration kept) {
            Duration half = kept.dividedBy(2);
            Duration longest = changing.compareTo(LONGEST_TRUST) < 0 ? changing : LONGEST_TRUST;
            return half.compareTo(longest) < 0 ? half : longest;
        }
    }

    /** Whether to stay attached to a database that no other process has open. */
    public enum Attach {
        /** Detach, so that SQLite can remove its WAL and the file can be replaced. */
        AUTO,
        /** Hold on. */
        ALWAYS
    }

    /** What to do with a database that is in rollback mode when it is first attached. */
    public enum Journal {
        /** Switch it to WAL mode. */
        WAL,
        /** Leave it; it is captured by comparing pages. */
        KEEP
    }

    /** Whether Runnel may ask SQLite for checkpoints where the application makes none. */
    public enum Checkpoints {
        AUTO,
        NEVER
    }

    /** A database with the usual settings and its folder beside it. */
    public static DatabaseSpec of(Path database, List<ReplicaSpec> replicas) {
        return new DatabaseSpec(
                database.toAbsolutePath(),
                defaultMetaFolder(database.toAbsolutePath()),
                replicas,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Attach.AUTO,
                Journal.WAL,
                Checkpoints.AUTO,
                DEFAULT_WAL_LIMIT,
                DEFAULT_LOG_LIMIT,
                FileSystems.LOCAL);
    }

    /** The file in a meta folder that the process which follows the database locks. */
    public static Path lockFile(Path metaFolder) {
        return metaFolder.resolve("lock");
    }

    /** Where in a meta folder the change log is. */
    public static Path logFolder(Path metaFolder) {
        return metaFolder.resolve("log");
    }

    /** Where in a meta folder the ledger is. */
    public static Path ledgerFile(Path metaFolder) {
        return metaFolder.resolve("ledger");
    }

    /** Where Runnel keeps its files for a database unless told otherwise: {@code .NAME-runnel} beside it. */
    public static Path defaultMetaFolder(Path database) {
        return database.resolveSibling("." + database.getFileName() + "-runnel");
    }
}
