package dev.runnel.cli.config;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Attach;
import dev.runnel.engine.DatabaseSpec.Checkpoints;
import dev.runnel.engine.DatabaseSpec.Journal;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.Claims;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the sections of databases. */
final class DatabaseReader {
    private static final long SMALLEST_LIMIT = 1L << 20;

    private final Locations locations;
    private final ReplicaReader replicas;
    private final Claims files = new Claims();
    private final Claims metaFolders = new Claims();
    private final Set<Path> restoredIfMissing = new HashSet<>();

    DatabaseReader(Locations locations, ReplicaReader replicas) {
        this.locations = locations;
        this.replicas = replicas;
    }

    /** The paths of those read so far that are restored if they are not there. */
    Set<Path> restoredIfMissing() {
        return Set.copyOf(restoredIfMissing);
    }

    /** Reads one; empty if it is of no use because of a problem that was reported. */
    Optional<DatabaseConfig> read(Section section, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<Path> path = section.take("path").flatMap(value -> value.as(locations::database));
        Optional<Path> metaFolder = section.take("meta-path").flatMap(value -> value.as(locations::path));
        Duration syncInterval =
                section.take("sync-interval").flatMap(Value::interval).orElse(defaultSyncInterval);
        List<ReplicaConfig> itsReplicas =
                replicas.readAll(section, syncInterval, PolicyReader.database(section, defaultPolicy));
        Duration busyTimeout =
                section.take("busy-timeout").flatMap(Value::interval).orElse(DatabaseConfig.DEFAULT_BUSY_TIMEOUT);
        Attach attach = readWord(section, "attach", Attach.AUTO);
        Journal journal = readWord(section, "journal-mode", Journal.WAL);
        Checkpoints checkpoints = readWord(section, "checkpoint", Checkpoints.AUTO);
        long walLimit =
                section.take("wal-limit").flatMap(DatabaseReader::readLimit).orElse(DatabaseSpec.DEFAULT_WAL_LIMIT);
        long logLimit =
                section.take("log-limit").flatMap(DatabaseReader::readLimit).orElse(DatabaseSpec.DEFAULT_LOG_LIMIT);
        FileSystems fileSystems = readWord(section, "file-system", FileSystems.LOCAL);
        boolean restores =
                section.take("restore-if-db-not-exists").flatMap(Value::bool).orElse(false);
        section.finish(LitestreamKeys.DATABASE);
        if (restores && !section.has("replica") && !section.has("replicas")) {
            section.problem("restore-if-db-not-exists", "a database without a replica cannot be restored");
        }
        if (!section.has("path") && !section.has("dir")) {
            section.problem("a database needs \"path\"");
        }
        if (path.isEmpty()) {
            return Optional.empty();
        }
        if (restores) {
            restoredIfMissing.add(path.get());
        }
        DatabaseConfig database = new DatabaseConfig(
                path.get(),
                metaFolder.orElseGet(() -> DatabaseSpec.defaultMetaFolder(path.get())),
                itsReplicas,
                busyTimeout,
                attach,
                journal,
                checkpoints,
                walLimit,
                logLimit,
                fileSystems);
        claim(section, database);
        return Optional.of(database);
    }

    private void claim(Section section, DatabaseConfig database) {
        files.take(database.path(), section.path())
                .ifPresent(owner -> section.problem("path", owner + " is this database already: " + database.path()));
        metaFolders
                .take(database.metaFolder(), section.path())
                .ifPresent(owner -> section.problem(
                        "meta-path", owner + " has this meta folder already: " + database.metaFolder()));
    }

    private static <E extends Enum<E>> E readWord(Section section, String key, E initial) {
        return section.take(key)
                .flatMap(value -> value.oneOf(initial.getDeclaringClass()))
                .orElse(initial);
    }

    private static Optional<Long> readLimit(Value value) {
        Optional<Long> limit = value.byteSize();
        if (limit.isPresent() && limit.get() < SMALLEST_LIMIT) {
            return value.wrong("must be at least 1MiB");
        }
        return limit;
    }
}
