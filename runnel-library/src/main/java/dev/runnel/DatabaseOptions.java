package dev.runnel;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A database to follow, and its replicas. Immutable: each method returns another one. */
public final class DatabaseOptions {
    private final Path path;
    private final List<ReplicaOptions> replicas;
    private final Optional<Path> metaFolder;
    private final boolean restoresIfMissing;
    private final boolean keepsJournalMode;

    private DatabaseOptions(
            Path path,
            List<ReplicaOptions> replicas,
            Optional<Path> metaFolder,
            boolean restoresIfMissing,
            boolean keepsJournalMode) {
        this.path = path;
        this.replicas = List.copyOf(replicas);
        this.metaFolder = metaFolder;
        this.restoresIfMissing = restoresIfMissing;
        this.keepsJournalMode = keepsJournalMode;
    }

    /** A database without a replica so far. It need not exist yet. */
    public static DatabaseOptions at(Path database) {
        return new DatabaseOptions(database.toAbsolutePath().normalize(), List.of(), Optional.empty(), false, false);
    }

    /** The same with one more replica, at a URL. */
    public DatabaseOptions replica(String url) {
        return replica(ReplicaOptions.at(url));
    }

    /** The same with one more replica, in a folder. */
    public DatabaseOptions replica(Path folder) {
        return replica(ReplicaOptions.in(folder));
    }

    /** The same with one more replica. */
    public DatabaseOptions replica(ReplicaOptions replica) {
        List<ReplicaOptions> more = new ArrayList<>(replicas);
        more.add(replica);
        return new DatabaseOptions(path, more, metaFolder, restoresIfMissing, keepsJournalMode);
    }

    /** The same with another folder for the change log and the ledger; without it, {@code .NAME-runnel} beside the database. */
    public DatabaseOptions metaFolder(Path folder) {
        return new DatabaseOptions(
                path, replicas, Optional.of(folder.toAbsolutePath().normalize()), restoresIfMissing, keepsJournalMode);
    }

    /**
     * The same, restored from the newest of its replicas when Runnel starts, if the file is not there and a replica has
     * history. If a replica cannot be read then, starting fails: an empty database must not replace one that is only
     * out of reach.
     */
    public DatabaseOptions restoreIfMissing() {
        return new DatabaseOptions(path, replicas, metaFolder, true, keepsJournalMode);
    }

    /** The same, left in rollback mode if it is; without this it is switched to WAL mode. */
    public DatabaseOptions keepJournalMode() {
        return new DatabaseOptions(path, replicas, metaFolder, restoresIfMissing, true);
    }

    Path path() {
        return path;
    }

    boolean restoresIfMissing() {
        return restoresIfMissing;
    }

    /** @throws IllegalArgumentException if it has no replica, or one that is no location, or two that are the same */
    DatabaseConfig config(Locations locations) {
        List<ReplicaConfig> configs = new ArrayList<>();
        for (ReplicaOptions replica : replicas) {
            ReplicaConfig config = replica.config(locations);
            for (ReplicaConfig other : configs) {
                if (other.location().identity().equals(config.location().identity())) {
                    throw new IllegalArgumentException(
                            path + " has two replicas at " + config.location().display());
                }
            }
            configs.add(config);
        }
        if (configs.isEmpty()) {
            throw new IllegalArgumentException(path + " has no replica");
        }
        DatabaseConfig usual = DatabaseConfig.of(path, List.of());
        return new DatabaseConfig(
                path,
                metaFolder.orElse(usual.metaFolder()),
                configs,
                usual.busyTimeout(),
                usual.attach(),
                keepsJournalMode ? DatabaseSpec.Journal.KEEP : usual.journal(),
                usual.checkpoints(),
                usual.walLimit(),
                usual.logLimit(),
                usual.fileSystems());
    }
}
