package dev.runnel.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.location.LocationTypes;
import org.slf4j.LoggerFactory;

/** Starts the log. Only the daemon does: loading the logging library takes longer than many a command. */
public final class Logging {
    private Logging() {}

    /** From now on everything is logged to the output. */
    public static void start(LogConfig config, LogOutput output) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        EntryEncoder encoder = new EntryEncoder(LogLayout.of(config.type(), output.colours()), config.source());
        encoder.setContext(context);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName("log");
        appender.setEncoder(encoder);
        appender.setOutputStream(output.stream());
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
        root.setLevel(level(config.level()));
        LocationTypes.installed().all().stream()
                .flatMap(type -> type.libraryLoggers().stream())
                .forEach(library -> context.getLogger(library).setLevel(quieter(level(config.level()))));
    }

    private static Level quieter(Level level) {
        return level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    }

    private static Level level(LogConfig.Level level) {
        return switch (level) {
            case TRACE -> Level.TRACE;
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN, WARNING -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }
}
