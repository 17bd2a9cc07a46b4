package dev.runnel.cli.config;

import dev.runnel.engine.DatabaseSpec;
import dev.runnel.engine.DatabaseSpec.Attach;
import dev.runnel.engine.DatabaseSpec.Checkpoints;
import dev.runnel.engine.DatabaseSpec.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns the sections of a file into a {@link Config}, and reports everything on the way that is wrong. */
final class ConfigReader {
    private static final long SMALLEST_WAL_LIMIT = 1L << 20;

    private final Locations locations;
    private final Map<Path, String> databaseFiles = new HashMap<>();
    private final Map<Path, String> metaFolders = new HashMap<>();
    private final Map<Path, String> replicaFolders = new HashMap<>();

    ConfigReader(Locations locations) {
        this.locations = locations;
    }

    /** Reads the top of the file. What comes out is of use only if no problem was found. */
    Config read(Section top, Findings findings) {
        Duration syncInterval =
                top.take("sync-interval").flatMap(Value::interval).orElse(DatabaseConfig.DEFAULT_SYNC_INTERVAL);
        Duration shutdown = top.take("shutdown-sync-timeout")
                .flatMap(this::readTimeout)
                .orElse(Config.DEFAULT_SHUTDOWN_SYNC_TIMEOUT);
        LogConfig logging = top.take("logging")
                .flatMap(Value::section)
                .map(ConfigReader::readLogging)
                .orElse(LogConfig.DEFAULT);
        List<DatabaseConfig> databases = new ArrayList<>();
        for (Value item : top.take("dbs").map(Value::items).orElse(List.of())) {
            item.section()
                    .flatMap(section -> readDatabase(section, syncInterval))
                    .ifPresent(databases::add);
        }
        top.finish(LitestreamKeys.GLOBAL);
        return new Config(databases, logging, shutdown, findings.notices());
    }

    private Optional<Duration> readTimeout(Value value) {
        Optional<Duration> timeout = value.duration();
        if (timeout.isPresent() && timeout.get().isNegative()) {
            return value.wrong("must not be negative");
        }
        return timeout;
    }

    private static LogConfig readLogging(Section section) {
        LogConfig logging = new LogConfig(
                section.take("level")
                        .flatMap(value -> value.oneOf(LogConfig.Level.class))
                        .orElse(LogConfig.DEFAULT.level()),
                section.take("type")
                        .flatMap(value -> value.oneOf(LogConfig.Format.class))
                        .orElse(LogConfig.DEFAULT.type()),
                section.take("stderr").flatMap(Value::bool).orElse(false)
                        ? LogConfig.Stream.STDERR
                        : LogConfig.Stream.STDOUT);
        section.finish(LitestreamKeys.LOGGING);
        return logging;
    }

    private Optional<DatabaseConfig> readDatabase(Section section, Duration defaultSyncInterval) {
        Optional<Path> path = section.take("path").flatMap(value -> place(value, locations::database));
        Optional<Path> metaFolder = section.take("meta-path").flatMap(value -> place(value, locations::path));
        Duration syncInterval =
                section.take("sync-interval").flatMap(Value::interval).orElse(defaultSyncInterval);
        Optional<Replica> replica = readReplica(section, syncInterval);
        Duration busyTimeout =
                section.take("busy-timeout").flatMap(Value::interval).orElse(DatabaseConfig.DEFAULT_BUSY_TIMEOUT);
        Attach attach = readWord(section, "attach", Attach.AUTO);
        Journal journal = readWord(section, "journal-mode", Journal.WAL);
        Checkpoints checkpoints = readWord(section, "checkpoint", Checkpoints.AUTO);
        long walLimit =
                section.take("wal-limit").flatMap(ConfigReader::readWalLimit).orElse(DatabaseSpec.DEFAULT_WAL_LIMIT);
        section.finish(LitestreamKeys.DATABASE);
        if (!section.has("path") && !section.has("dir")) {
            section.problem("a database needs \"path\"");
        }
        if (path.isEmpty() || replica.isEmpty()) {
            return Optional.empty();
        }
        DatabaseConfig database = new DatabaseConfig(
                path.get(),
                metaFolder.orElseGet(() -> DatabaseSpec.defaultMetaFolder(path.get())),
                replica.get().config(),
                replica.get().syncInterval(),
                busyTimeout,
                attach,
                journal,
                checkpoints,
                walLimit);
        claim(section, database);
        return Optional.of(database);
    }

    private Optional<Replica> readReplica(Section database, Duration defaultSyncInterval) {
        Optional<Value> single = database.take("replica");
        Optional<Value> several = database.take("replicas");
        if (single.isPresent() && several.isPresent()) {
            database.problem("replicas", "\"replica\" is here too; keep one of the two");
        }
        if (single.isPresent()) {
            return single.flatMap(Value::section).flatMap(section -> readReplicaSection(section, defaultSyncInterval));
        }
        List<Value> items = several.map(Value::items).orElse(List.of());
        if (items.isEmpty()) {
            database.problem("a database needs a \"replica\"");
            return Optional.empty();
        }
        if (items.size() > 1) {
            database.problem("replicas", "several replicas of one database are not built yet; keep one");
            return Optional.empty();
        }
        return items.getFirst().section().flatMap(section -> readReplicaSection(section, defaultSyncInterval));
    }

    private Optional<Replica> readReplicaSection(Section section, Duration defaultSyncInterval) {
        Optional<String> type = section.take("type").flatMap(Value::text);
        Optional<Value> url = section.take("url");
        Optional<Value> path = section.take("path");
        Duration syncInterval =
                section.take("sync-interval").flatMap(Value::interval).orElse(defaultSyncInterval);
        boolean isFolder = url.isPresent() || type.orElse(ReplicaTypes.FILE).equals(ReplicaTypes.FILE);
        if (!isFolder) {
            String name = type.orElseThrow();
            section.problem(
                    "type",
                    ReplicaTypes.isNotBuilt(name)
                            ? ReplicaTypes.notBuilt(name)
                            : "unknown replica type \"" + name + "\"; a replica is a folder (type file)");
            section.finish(LitestreamKeys.OTHER_REPLICA);
            return Optional.empty();
        }
        section.finish(LitestreamKeys.FOLDER_REPLICA);
        if (url.isPresent() && path.isPresent()) {
            section.problem("path", "\"url\" is here too; keep one of the two");
            return Optional.empty();
        }
        Optional<ReplicaConfig> config = url.isPresent()
                ? url.flatMap(value -> place(value, locations::replicaAt))
                : path.flatMap(value -> place(value, this::folderAt));
        if (!section.has("url") && !section.has("path")) {
            section.problem("a replica needs \"path\" or \"url\"");
        }
        return config.map(found -> new Replica(found, syncInterval));
    }

    private ReplicaConfig folderAt(String path) {
        if (Locations.isUrl(path)) {
            throw new IllegalArgumentException("a path cannot be a URL; write it as \"url\": " + path);
        }
        return new ReplicaConfig.Folder(locations.path(path));
    }

    private void claim(Section section, DatabaseConfig database) {
        claim(section, "path", databaseFiles, database.path(), "is this database already");
        claim(section, "meta-path", metaFolders, database.metaFolder(), "has this meta folder already");
        switch (database.replica()) {
            case ReplicaConfig.Folder(Path folder) ->
                claim(section, "replica", replicaFolders, folder, "has this replica already");
        }
    }

    private static void claim(Section section, String key, Map<Path, String> owners, Path path, String what) {
        String owner = owners.putIfAbsent(Locations.real(path), section.path());
        if (owner != null) {
            section.problem(key, owner + " " + what + ": " + path);
        }
    }

    private static <E extends Enum<E>> E readWord(Section section, String key, E initial) {
        return section.take(key)
                .flatMap(value -> value.oneOf(initial.getDeclaringClass()))
                .orElse(initial);
    }

    private static Optional<Long> readWalLimit(Value value) {
        Optional<Long> limit = value.byteSize();
        if (limit.isPresent() && limit.get() < SMALLEST_WAL_LIMIT) {
            return value.wrong("must be at least 1MiB");
        }
        return limit;
    }

    private static <T> Optional<T> place(Value value, Function<String, T> reader) {
        Optional<String> text = value.text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(text.get()));
        } catch (IllegalArgumentException e) {
            return value.wrong(String.valueOf(e.getMessage()));
        }
    }

    private record Replica(ReplicaConfig config, Duration syncInterval) {}
}
