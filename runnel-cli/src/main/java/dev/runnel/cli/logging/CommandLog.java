package dev.runnel.cli.logging;

import dev.runnel.cli.config.LogConfig;
import java.io.PrintStream;
import java.time.Instant;

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

    public void info(String message) {
        if (config.level().compareTo(LogConfig.Level.INFO) <= 0) {
            stream.print(LogLayout.of(config.type()).line(LogEntry.info(Instant.now(), message)));
            stream.flush();
        }
    }
}
