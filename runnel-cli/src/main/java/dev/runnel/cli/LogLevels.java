package dev.runnel.cli;

import dev.runnel.cli.config.LogConfig;
import java.util.Locale;
import java.util.Map;

/** Where else than in the configuration the level of the log is set. */
final class LogLevels {
    private LogLevels() {}

    /**
     * Reads the name of a level.
     *
     * @throws IllegalArgumentException if there is no such level
     */
    static LogConfig.Level parse(String name) {
        try {
            return LogConfig.Level.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be trace, debug, info, warn or error", e);
        }
    }

    /** What {@code $LOG_LEVEL} says, and else the configuration. */
    static LogConfig apply(Map<String, String> environment, LogConfig config) throws CommandException {
        String name = environment.getOrDefault("LOG_LEVEL", "");
        if (name.isEmpty()) {
            return config;
        }
        try {
            return config.withLevel(parse(name));
        } catch (IllegalArgumentException e) {
            throw new CommandException("invalid LOG_LEVEL \"" + name + "\": " + e.getMessage(), "", e);
        }
    }
}
