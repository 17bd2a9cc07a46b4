package dev.runnel.cli.config;

import dev.runnel.cli.supervision.CommandLine;
import dev.runnel.platform.RealPath;
import dev.runnel.setup.DatabaseConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A configuration file, checked: every path is absolute, no two databases share a file, a meta folder or a replica.
 *
 * @param databases in the order of the file
 * @param restoredIfMissing the paths of those that are restored before they are followed, if they are not there
 * @param logging what to log, and where
 * @param shutdownSyncTimeout how long the last sync may take after a signal
 * @param metricsAddress where metrics are served over HTTP, if anywhere
 * @param exec the application that is started as a child, if any
 * @param notices what the owner of the file should know
 */
public record Config(
        List<DatabaseConfig> databases,
        Set<Path> restoredIfMissing,
        LogConfig logging,
        Duration shutdownSyncTimeout,
        Optional<InetSocketAddress> metricsAddress,
        Optional<CommandLine> exec,
        List<Notice> notices) {
    public static final Duration DEFAULT_SHUTDOWN_SYNC_TIMEOUT = Duration.ofSeconds(30);

    public Config {
        databases = List.copyOf(databases);
        restoredIfMissing = Set.copyOf(restoredIfMissing);
        notices = List.copyOf(notices);
    }

    /** The configuration of a command line that names one database and its replicas. */
    public static Config of(DatabaseConfig database) {
        return of(List.of(database), List.of());
    }

    /** The configuration of a file that says nothing. */
    static Config empty(List<Notice> notices) {
        return of(List.of(), notices);
    }

    private static Config of(List<DatabaseConfig> databases, List<Notice> notices) {
        return new Config(
                databases,
                Set.of(),
                LogConfig.DEFAULT,
                DEFAULT_SHUTDOWN_SYNC_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                notices);
    }

    /** The same, with every database that has a replica restored if it is not there. */
    public Config restoringAll() {
        Set<Path> all = databases.stream()
                .filter(database -> !database.replicas().isEmpty())
                .map(DatabaseConfig::path)
                .collect(Collectors.toSet());
        return new Config(databases, all, logging, shutdownSyncTimeout, metricsAddress, exec, notices);
    }

    /** The same, with another application. */
    public Config withExec(CommandLine other) {
        return new Config(
                databases,
                restoredIfMissing,
                logging,
                shutdownSyncTimeout,
                metricsAddress,
                Optional.of(other),
                notices);
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
