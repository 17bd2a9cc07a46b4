package dev.runnel.cli;

import dev.runnel.cli.config.LogConfig;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    static LogConfig apply(Map<String, String> environment, LogConfig config) {
        try {
            return config.withLevel(parse(environment.getOrDefault("LOG_LEVEL", "")));
        } catch (IllegalArgumentException _) {
            return config;
        }
    }

    /**
     * A warning, if {@code $LOG_LEVEL} is set to what is no level here: the variable may be meant for the application, and
     * must not stop its backup.
     */
    static Optional<String> warning(Map<String, String> environment) {
        String name = environment.getOrDefault("LOG_LEVEL", "");
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(parse(name)).flatMap(_ -> Optional.empty());
        } catch (IllegalArgumentException e) {
            return Optional.of("LOG_LEVEL \"" + name + "\" has no effect: it " + e.getMessage());
        }
    }
}
