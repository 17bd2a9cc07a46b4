package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.config.Redaction;
import dev.runnel.location.FolderLocation;
import dev.runnel.location.Location;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the replicas that an argument means. A URL is a replica. A path is a replica if it is a folder, and else a database
 * of the configuration; with {@code -config} it is always the latter.
 */
final class ReplicaFinder {
    private final ConfigFlags configFlags;

    ReplicaFinder(ConfigFlags configFlags) {
        this.configFlags = configFlags;
    }

    /** What a path is taken for that is neither there nor in the configuration. */
    enum Unknown {
        DATABASE,
        EMPTY_FOLDER
    }

    ReplicaSource find(String operand, Unknown unknown) throws IOException {
        if (Locations.isUrl(operand)) {
            return atUrl(operand);
        }
        Path path = Operands.locate(configFlags.locations(), operand);
        if (!configFlags.namesFile() && Files.isDirectory(path)) {
            return folder(path);
        }
        Optional<Config> config = configFlags.namesFile() ? Optional.of(configFlags.read()) : configFlags.readIfThere();
        Optional<DatabaseConfig> database = config.flatMap(found -> found.database(path));
        if (database.isPresent()) {
            return ReplicaSource.of(database.get(), config.orElseThrow());
        }
        if (!configFlags.namesFile() && unknown == Unknown.EMPTY_FOLDER && !Files.exists(path)) {
            return folder(path);
        }
        if (config.isEmpty()) {
            throw new CommandException(
                    "config file not found: " + configFlags.source(),
                    "-config PATH, or the folder of the replica instead of " + operand);
        }
        throw new CommandException("database not found in config: " + path);
    }

    private ReplicaSource atUrl(String url) throws CommandException {
        if (configFlags.namesFile()) {
            throw new CommandException("cannot specify a replica URL and the -config flag");
        }
        try {
            Location location = configFlags.locations().replicaAt(url);
            return alone(Redaction.of(url), location);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), "", e);
        }
    }

    private static ReplicaSource folder(Path path) {
        return alone(path.toString(), new FolderLocation(path));
    }

    private static ReplicaSource alone(String name, Location location) {
        return new ReplicaSource(
                name, List.of(ReplicaConfig.at(location)), Optional.empty(), Optional.empty(), LogConfig.DEFAULT);
    }
}
