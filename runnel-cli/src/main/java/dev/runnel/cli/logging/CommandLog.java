package dev.runnel.cli.logging;

import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.logging.LogEntry.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The few records of a command that soon ends. They look like those of the daemon, without its logging library.
 */
public final class CommandLog {
    private final LogConfig config;
    private final LogOutput output;

    public CommandLog(LogConfig config, LogOutput output) {
        this.config = config;
        this.output = output;
    }

    public void info(String message, Attribute... attributes) {
        log(LogConfig.Level.INFO, message, attributes);
    }

    public void warn(String message) {
        log(LogConfig.Level.WARN, message);
    }

    private void log(LogConfig.Level level, String message, Attribute... attributes) {
        if (config.level().compareTo(level) <= 0) {
            LogEntry entry = new LogEntry(Instant.now(), level.name(), source(), message, List.of(attributes));
            output.stream().print(LogLayout.of(config.type(), output.colours()).line(entry));
            output.stream().flush();
        }
    }

    private Optional<Source> source() {
        return switch (config.source()) {
            case HIDDEN -> Optional.empty();
            case SHOWN ->
                StackWalker.getInstance()
                        .walk(frames -> frames.map(StackWalker.StackFrame::toStackTraceElement)
                                .filter(frame -> !frame.getClassName().equals(CommandLog.class.getName()))
                                .findFirst())
                        .map(Source::of);
        };
    }
}
