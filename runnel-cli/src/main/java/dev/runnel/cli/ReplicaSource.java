package dev.runnel.cli;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.config.ReplicaConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A replica that a command was told to read.
 *
 * @param name how the user called it: the URL, or the absolute path of the folder or database
 * @param database the database that has it in the configuration, if that is how it was found
 * @param logging what the configuration says of the log
 */
record ReplicaSource(String name, ReplicaConfig replica, Optional<Path> database, LogConfig logging) {}
