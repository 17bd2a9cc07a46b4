package dev.runnel.cli.config;

import dev.runnel.platform.RealPath;
import dev.runnel.setup.DatabaseConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file, checked: every path is absolute, no two databases share a file, a meta folder or a replica.
 *
 * @param databases in the order of the file
 * @param logging what to log, and where
 * @param shutdownSyncTimeout how long the last sync may take after a signal
 * @param metricsAddress where metrics are served over HTTP, if anywhere
 * @param heartbeats the URLs that are requested while databases are replicated
 * @param socket where the daemon can be asked, if anywhere
 * @param notices what the owner of the file should know
 */
public record Config(
        List<DatabaseConfig> databases,
        LogConfig logging,
        Duration shutdownSyncTimeout,
        Optional<InetSocketAddress> metricsAddress,
        List<HeartbeatConfig> heartbeats,
        Optional<SocketConfig> socket,
        List<Notice> notices) {
    public static final Duration DEFAULT_SHUTDOWN_SYNC_TIMEOUT = Duration.ofSeconds(30);

    public Config {
        databases = List.copyOf(databases);
        heartbeats = List.copyOf(heartbeats);
        notices = List.copyOf(notices);
    }

    /** The configuration of a command line that names one database and its replicas. */
    public static Config of(DatabaseConfig database) {
        return new Config(
                List.of(database),
                LogConfig.DEFAULT,
                DEFAULT_SHUTDOWN_SYNC_TIMEOUT,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of());
    }

    /** The database at an absolute path, or at another name that leads to the same file through links. */
    public Optional<DatabaseConfig> database(Path path) {
        return databases.stream()
                .filter(database -> database.path().equals(path))
                .findFirst()
                .or(() -> databaseByRealName(RealPath.of(path)));
    }

    private Optional<DatabaseConfig> databaseByRealName(Path real) {
        return databases.stream()
                .filter(database -> RealPath.of(database.path()).equals(real))
                .findFirst();
    }
}
