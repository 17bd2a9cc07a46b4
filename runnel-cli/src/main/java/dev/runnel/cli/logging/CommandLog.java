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
        if (config.level().compareTo(LogConfig.Level.INFO) <= 0) {
            LogEntry entry = new LogEntry(Instant.now(), "INFO", message, List.of(attributes));
            stream.print(LogLayout.of(config.type()).line(entry));
            stream.flush();
        }
    }
}
