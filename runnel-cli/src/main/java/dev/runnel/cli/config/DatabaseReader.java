package dev.runnel.cli.config;

import dev.runnel.capture.AttachRules.FileSystems;
import dev.runnel.cli.config.Config.FolderOfDatabases;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Attach;
import dev.runnel.engine.DatabaseSpec.Checkpoints;
import dev.runnel.engine.DatabaseSpec.Journal;
import dev.runnel.platform.FaultText;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.Claims;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseFolder;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    /** What one section says. */
    sealed interface Entry {
        record One(DatabaseConfig database) implements Entry {}

        record Several(Section section, DatabaseFolder folder) implements Entry {}
    }

    /** The paths of those read so far that are restored if they are not there. */
    Set<Path> restoredIfMissing() {
        return Set.copyOf(restoredIfMissing);
    }

    /** Reads one section; empty if it is of no use because of a problem that was reported. */
    Optional<Entry> read(Section section, Duration defaultSyncInterval, LtxPolicy defaultPolicy) {
        Optional<Path> path = section.take("path").flatMap(value -> value.as(locations::database));
        Optional<Path> dir = section.take("dir").flatMap(value -> value.as(locations::path));
        Optional<Path> metaFolder = section.take("meta-path").flatMap(value -> value.as(locations::path));
        FolderKeys folderKeys = FolderKeys.read(section, locations);
        Optional<DatabaseConfig> settings = path.or(() -> dir)
                .map(found -> readSettings(section, found, metaFolder, defaultSyncInterval, defaultPolicy));
        if (settings.isEmpty()) {
            var _ = readSettings(section, Path.of("/"), metaFolder, defaultSyncInterval, defaultPolicy);
        }
        boolean restores =
                section.take("restore-if-db-not-exists").flatMap(Value::bool).orElse(false);
        section.finish(LitestreamKeys.DATABASE);
        if (restores && !section.has("replica") && !section.has("replicas")) {
            section.problem("restore-if-db-not-exists", "a database without a replica cannot be restored");
        }
        if (restores && path.isEmpty()) {
            section.problem("restore-if-db-not-exists", "only for a database with \"path\"");
        }
        if (section.has("path") && section.has("dir")) {
            section.problem("dir", "\"path\" is also set; keep one of the two");
        }
        if (!section.has("path") && !section.has("dir")) {
            section.problem("a database needs \"path\", or \"dir\" for all databases of a folder");
        }
        if (settings.isEmpty()) {
            return Optional.empty();
        }
        if (path.isEmpty()) {
            return folderKeys
                    .folder(section, settings.get(), metaFolder)
                    .map(folder -> new Entry.Several(section, folder));
        }
        folderKeys.refuse(section);
        claim(section, settings.get());
        if (restores) {
            restoredIfMissing.add(path.get());
        }
        return Optional.of(new Entry.One(settings.get()));
    }

    private DatabaseConfig readSettings(
            Section section,
            Path path,
            Optional<Path> metaFolder,
            Duration defaultSyncInterval,
            LtxPolicy defaultPolicy) {
        Duration syncInterval =
                section.take("sync-interval").flatMap(Value::interval).orElse(defaultSyncInterval);
        List<ReplicaConfig> itsReplicas =
                replicas.readAll(section, syncInterval, PolicyReader.database(section, defaultPolicy));
        return new DatabaseConfig(
                path,
                metaFolder.orElseGet(() -> DatabaseSpec.defaultMetaFolder(path)),
                itsReplicas,
                section.take("busy-timeout").flatMap(Value::interval).orElse(DatabaseConfig.DEFAULT_BUSY_TIMEOUT),
                readWord(section, "attach", Attach.AUTO),
                readWord(section, "journal-mode", Journal.WAL),
                readWord(section, "checkpoint", Checkpoints.AUTO),
                section.take("wal-limit").flatMap(DatabaseReader::readLimit).orElse(DatabaseSpec.DEFAULT_WAL_LIMIT),
                section.take("log-limit").flatMap(DatabaseReader::readLimit).orElse(DatabaseSpec.DEFAULT_LOG_LIMIT),
                readWord(section, "file-system", FileSystems.LOCAL));
    }

    /** Looks what a folder holds; what an entry of its own names is that entry's. Called when all of these are read. */
    FolderOfDatabases look(Entry.Several entry, Map<Path, Object> followed) {
        List<DatabaseConfig> found = new ArrayList<>();
        try {
            for (Path file : entry.folder().scan(followed).files().keySet()) {
                DatabaseConfig database = entry.folder().member(file);
                if (files.take(database.path(), entry.section().path()).isEmpty()) {
                    claimMetaFolder(entry.section(), database);
                    replicas.claim(entry.section(), database);
                    found.add(database);
                }
            }
        } catch (IOException e) {
            entry.section().problem("dir", "cannot be read: " + FaultText.of(e));
        }
        return new FolderOfDatabases(entry.folder(), found);
    }

    private void claim(Section section, DatabaseConfig database) {
        files.take(database.path(), section.path())
                .ifPresent(owner -> section.problem("path", owner + " is this database already: " + database.path()));
        claimMetaFolder(section, database);
    }

    private void claimMetaFolder(Section section, DatabaseConfig database) {
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
