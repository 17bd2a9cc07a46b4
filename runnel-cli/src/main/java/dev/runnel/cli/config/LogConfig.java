package dev.runnel.cli.config;

/** What is logged, how, and where to. */
public record LogConfig(Level level, Format type, Stream stream, Source source) {
    public static final LogConfig DEFAULT = new LogConfig(Level.INFO, Format.TEXT, Stream.STDOUT, Source.HIDDEN);

    /** From the most to the least. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        WARNING,
        ERROR
    }

    /** How a record looks. */
    public enum Format {
        TEXT,
        JSON,
        PRETTY
    }

    /** Where the records go. */
    public enum Stream {
        STDOUT,
        STDERR
    }

    /** Whether a record says which line of the program it comes from. */
    public enum Source {
        HIDDEN,
        SHOWN
    }

    public LogConfig withLevel(Level newLevel) {
        return new LogConfig(newLevel, type, stream, source);
    }
}
