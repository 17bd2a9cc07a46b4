package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.ReplicaConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a command was told to read: one replica, or a database with its replicas.
 *
 * @param name how the user called it: the URL, or the absolute path of the folder or database
 * @param replicas at least one
 * @param database the database that has them in the configuration, if that is how they were found
 * @param metaFolder where Runnel keeps its files for that database
 * @param logging what the configuration says of the log
 */
record ReplicaSource(
        String name,
        List<ReplicaConfig> replicas,
        Optional<Path> database,
        Optional<Path> metaFolder,
        LogConfig logging) {
    /** A database of the configuration. */
    static ReplicaSource of(DatabaseConfig database, Config config) {
        return new ReplicaSource(
                database.path().toString(),
                database.replicas(),
                Optional.of(database.path()),
                Optional.of(database.metaFolder()),
                config.logging());
    }

    ReplicaSource {
        replicas = List.copyOf(replicas);
    }
}
