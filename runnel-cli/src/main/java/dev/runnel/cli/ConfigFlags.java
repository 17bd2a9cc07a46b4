package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.ConfigFile;
import dev.runnel.cli.config.ConfigFile.Expansion;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The flags {@code -config} and {@code -no-expand-env}, and the configuration they lead to. */
final class ConfigFlags {
    private final Flag<String> path;
    private final Flag<Boolean> noExpandEnv;
    private final Locations locations;
    private final ConfigFile file;

    ConfigFlags(FlagSet flags, Terminal terminal) {
        path = flags.addText("config", "PATH", """
                The configuration file. Without it: $RUNNEL_CONFIG, $LITESTREAM_CONFIG,
                /etc/runnel.yml if it is there, /etc/litestream.yml.""");
        noExpandEnv = flags.addSwitch("no-expand-env", "Leaves $NAME in the configuration file as it is.");
        locations = new Locations(terminal.workingFolder(), terminal.homeFolder(), terminal.environment());
        file = new ConfigFile(terminal.environment(), locations);
    }

    Locations locations() {
        return locations;
    }

    /** Whether the command line names a configuration file. */
    boolean namesFile() {
        return !path.value().isEmpty();
    }

    /** Where the configuration is. */
    Path path() {
        return namesFile() ? locations.path(path.value()) : file.defaultPath();
    }

    Config read() throws IOException {
        return file.read(path(), noExpandEnv.value() ? Expansion.KEEP_TEXT : Expansion.EXPAND);
    }

    /** The configuration, or nothing if there is no such file. */
    Optional<Config> readIfThere() throws IOException {
        return Files.exists(path()) ? Optional.of(read()) : Optional.empty();
    }
}
