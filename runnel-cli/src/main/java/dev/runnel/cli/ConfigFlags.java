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
import java.util.Map;
import java.util.Optional;

/** The flags {@code -config} and {@code -no-expand-env}, and the configuration they lead to. */
final class ConfigFlags {
    private final Flag<String> path;
    private final Flag<Boolean> noExpandEnv;
    private final Terminal terminal;
    private final Locations locations;
    private final ConfigFile file;

    ConfigFlags(FlagSet flags, Terminal terminal) {
        this.terminal = terminal;
        path = flags.addText("config", "PATH", """
                The configuration file, or - for standard input. Without it: $RUNNEL_CONFIG,
                $LITESTREAM_CONFIG, /etc/runnel.yml if it is there, /etc/litestream.yml.""");
        noExpandEnv = flags.addSwitch("no-expand-env", "Leaves $NAME in the configuration file as it is.");
        locations = new Locations(terminal.workingFolder(), terminal.homeFolder(), terminal.environment());
        file = new ConfigFile(terminal.environment(), locations);
    }

    Locations locations() {
        return locations;
    }

    /** Whether the command line says where the configuration is. */
    boolean namesFile() {
        return !path.value().isEmpty();
    }

    /** Where the configuration is, for messages. */
    String source() {
        return isStandardInput() ? ConfigFile.STANDARD_INPUT : path().toString();
    }

    /** Reads the configuration. Standard input can be read once only. */
    Config read() throws IOException {
        Expansion expansion = noExpandEnv.value() ? Expansion.KEEP_TEXT : Expansion.EXPAND;
        return isStandardInput() ? file.read(terminal.in(), expansion) : file.read(path(), expansion);
    }

    /**
     * Reads the file again, in a process that follows databases.
     *
     * @param followed see {@link dev.runnel.setup.DatabaseFolder#scan}
     */
    Config readAgain(Map<Path, Object> followed) throws IOException {
        if (isStandardInput()) {
            throw new CommandException(
                    "standard input cannot be read a second time", "Give the configuration in a file to reload it.");
        }
        return file.beside(followed).read(path(), noExpandEnv.value() ? Expansion.KEEP_TEXT : Expansion.EXPAND);
    }

    private boolean isStandardInput() {
        return path.value().equals("-");
    }

    private Path path() {
        return namesFile() ? locations.path(path.value()) : file.defaultPath();
    }

    /** The configuration, or nothing if there is no such file. */
    Optional<Config> readIfThere() throws IOException {
        return Files.exists(path()) ? Optional.of(read()) : Optional.empty();
    }
}
