package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where the configuration comes from, so that it can be read again while databases are followed. */
@FunctionalInterface
public interface ConfigSource {
    /**
     * Reads it, with everything that is checked before a start.
     *
     * @param followed see {@link dev.runnel.setup.DatabaseFolder#scan}
     * @throws IOException if anything is wrong with it; nothing of it is to be applied then
     */
    Config read(Map<Path, Object> followed) throws IOException;
}
