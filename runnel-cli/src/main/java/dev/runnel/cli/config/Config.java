package dev.runnel.cli.config;

import dev.runnel.cli.supervision.CommandLine;
import dev.runnel.platform.RealPath;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A configuration file, checked: every path is absolute, no two databases share a file, a meta folder or a replica.
 *
 * @param databases in the order of the file, then those that were found in folders
 * @param folders of databases, with what was found in each
 * @param restoredIfMissing the paths of those that are restored before they are followed, if they are not there
 * @param logging what to log, and where
 * @param daemon what {@code replicate} does besides following databases
 * @param notices what the owner of the file should know
 */
public record Config(
        List<DatabaseConfig> databases,
        List<FolderOfDatabases> folders,
        Set<Path> restoredIfMissing,
        LogConfig logging,
        DaemonConfig daemon,
        List<Notice> notices) {
    public Config {
        databases = List.copyOf(databases);
        folders = List.copyOf(folders);
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
        return new Config(databases, List.of(), Set.of(), LogConfig.DEFAULT, DaemonConfig.DEFAULT, notices);
    }

    /** The same, with every database that has a replica restored if it is not there. */
    public Config restoringAll() {
        Set<Path> all = databases.stream()
                .filter(database -> !database.replicas().isEmpty())
                .map(DatabaseConfig::path)
                .collect(Collectors.toSet());
        return new Config(databases, folders, all, logging, daemon, notices);
    }

    /** The same, with another application. */
    public Config withExec(CommandLine other) {
        return new Config(databases, folders, restoredIfMissing, logging, daemon.withExec(other), notices);
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
