package dev.runnel.cli.logging;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;

/**
 * The few records of a command that soon ends. They look like those of the daemon, without its logging library.
 */
public final class CommandLog {
    private final LogConfig config;
    private final PrintStream stream;

    public CommandLog(LogConfig config, PrintStream stream) {
        this.config = config;
        this.stream = stream;
    }

    public void info(String message, Attribute... attributes) {
        log(LogConfig.Level.INFO, message, attributes);
    }

    public void warn(String message) {
        log(LogConfig.Level.WARN, message);
    }

    private void log(LogConfig.Level level, String message, Attribute... attributes) {
        if (config.level().compareTo(level) <= 0) {
            LogEntry entry = new LogEntry(Instant.now(), level.name(), message, List.of(attributes));
            stream.print(LogLayout.of(config.type()).line(entry));
            stream.flush();
        }
    }
}
