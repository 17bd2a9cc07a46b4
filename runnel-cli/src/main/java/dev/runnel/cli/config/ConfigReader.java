package dev.runnel.cli.config;

import dev.runnel.cli.config.Config.FolderOfDatabases;
import dev.runnel.cli.supervision.CommandLine;
import dev.runnel.replica.ltx.LtxPolicy;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the top of a file into a {@link Config}, and reports everything on the way that is wrong. */
final class ConfigReader {
    private final Locations locations;
    private final Map<Path, Object> followed;

    ConfigReader(Locations locations, Map<Path, Object> followed) {
        this.locations = locations;
        this.followed = followed;
    }

    /** Reads the top of the file. What comes out is of use only if no problem was found. */
    Config read(Section top, Findings findings) {
        Duration syncInterval =
                top.take("sync-interval").flatMap(Value::interval).orElse(DatabaseConfig.DEFAULT_SYNC_INTERVAL);
        Duration shutdown = top.take("shutdown-sync-timeout")
                .flatMap(this::readTimeout)
                .orElse(DaemonConfig.DEFAULT_SHUTDOWN_SYNC_TIMEOUT);
        LogConfig logging = top.take("logging")
                .flatMap(Value::section)
                .map(ConfigReader::readLogging)
                .orElse(LogConfig.DEFAULT);
        Optional<InetSocketAddress> metricsAddress = top.take("addr").flatMap(value -> value.as(ListenAddress::parse));
        Optional<SocketConfig> socket =
                top.take("socket").flatMap(Value::section).flatMap(this::readSocket);
        Optional<CommandLine> exec = top.take("exec").flatMap(ConfigReader::readExec);
        DatabaseReader databases = new DatabaseReader(locations, new ReplicaReader(locations, top));
        LtxPolicy policy = PolicyReader.top(top);
        HeartbeatReader heartbeats = HeartbeatReader.top(top);
        List<DatabaseConfig> found = new ArrayList<>();
        List<DatabaseReader.Entry.Several> several = new ArrayList<>();
        List<HeartbeatConfig> beats =
                new ArrayList<>(heartbeats.ofAll().stream().toList());
        for (Value item : top.take("dbs").map(Value::items).orElse(List.of())) {
            item.section().ifPresent(section -> {
                Optional<HeartbeatConfig> beat = heartbeats.ofDatabase(section);
                Optional<DatabaseReader.Entry> entry = databases.read(section, syncInterval, policy);
                entry.ifPresent(read -> {
                    switch (read) {
                        case DatabaseReader.Entry.One(DatabaseConfig database) -> {
                            found.add(database);
                            beat.ifPresent(its -> beats.add(its.forDatabase(database.path())));
                        }
                        case DatabaseReader.Entry.Several folder -> {
                            several.add(folder);
                            beat.ifPresent(_ -> section.problem("heartbeat-url", "only for a database with \"path\""));
                        }
                    }
                });
            });
        }
        List<FolderOfDatabases> folders =
                several.stream().map(folder -> databases.look(folder, followed)).toList();
        folders.forEach(folder -> found.addAll(folder.found()));
        top.finish(LitestreamKeys.GLOBAL);
        DaemonConfig daemon = new DaemonConfig(shutdown, metricsAddress, socket, beats, exec);
        return new Config(found, folders, databases.restoredIfMissing(), logging, daemon, findings.notices());
    }

    private Optional<SocketConfig> readSocket(Section section) {
        boolean isEnabled = section.take("enabled").flatMap(Value::bool).orElse(false);
        SocketConfig socket = new SocketConfig(
                section.take("path").flatMap(value -> value.as(locations::path)).orElse(SocketConfig.DEFAULT_PATH),
                section.take("permissions")
                        .flatMap(value -> value.as(SocketConfig::parseMode))
                        .orElse(SocketConfig.DEFAULT_PERMISSIONS));
        section.finish(LitestreamKeys.NO_OTHERS);
        return isEnabled ? Optional.of(socket) : Optional.empty();
    }

    private static Optional<CommandLine> readExec(Value value) {
        return value.isText()
                ? value.as(CommandLine::parse)
                : value.wrong("expected one command in one line, such as \"app -port 8080\"; lists are not supported");
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
                        : LogConfig.Stream.STDOUT,
                section.take("source").flatMap(Value::bool).orElse(false)
                        ? LogConfig.Source.SHOWN
                        : LogConfig.Source.HIDDEN);
        section.finish(LitestreamKeys.LOGGING);
        return logging;
    }
}
