package dev.runnel.cli.config;

import dev.runnel.platform.RealPath;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseFolder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A configuration file, checked: every path is absolute, no two databases share a file, a meta folder or a replica.
 *
 * @param databases in the order of the file, then those that were found in folders
 * @param folders of databases, with what was found in each
 * @param logging what to log, and where
 * @param shutdownSyncTimeout how long the last sync may take after a signal
 * @param metricsAddress where metrics are served over HTTP, if anywhere
 * @param socket where the daemon can be asked, if anywhere
 * @param notices what the owner of the file should know
 */
public record Config(
        List<DatabaseConfig> databases,
        List<FolderOfDatabases> folders,
        LogConfig logging,
        Duration shutdownSyncTimeout,
        Optional<InetSocketAddress> metricsAddress,
        Optional<SocketConfig> socket,
        List<Notice> notices) {
    public static final Duration DEFAULT_SHUTDOWN_SYNC_TIMEOUT = Duration.ofSeconds(30);

    public Config {
        databases = List.copyOf(databases);
        folders = List.copyOf(folders);
        notices = List.copyOf(notices);
    }

    /** The configuration of a command line that names one database and its replicas. */
    public static Config of(DatabaseConfig database) {
        return new Config(
                List.of(database),
                List.of(),
                LogConfig.DEFAULT,
                DEFAULT_SHUTDOWN_SYNC_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** A folder of databases, and those that were in it when the file was read. */
    public record FolderOfDatabases(DatabaseFolder folder, List<DatabaseConfig> found) {
        public FolderOfDatabases {
            found = List.copyOf(found);
        }
    }

    /**
     * The database at an absolute path, or at another name that leads to the same file through links. One that is gone from
     * a folder can still be restored.
     */
    public Optional<DatabaseConfig> database(Path path) {
        return databases.stream()
                .filter(database -> database.path().equals(path))
                .findFirst()
                .or(() -> databaseByRealName(RealPath.of(path)))
                .or(() -> folders.stream()
                        .map(FolderOfDatabases::folder)
                        .filter(folder -> folder.isMember(path))
                        .map(folder -> folder.member(path))
                        .findFirst());
    }

    private Optional<DatabaseConfig> databaseByRealName(Path real) {
        return databases.stream()
                .filter(database -> RealPath.of(database.path()).equals(real))
                .findFirst();
    }
}
