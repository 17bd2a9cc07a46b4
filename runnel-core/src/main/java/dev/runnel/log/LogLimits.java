package dev.runnel.log;

/**
 * How large a change log may become.
 *
 * @param maxBytes nothing is appended once the files before the newest one take so many bytes. The newest is not
 *     counted, because it is kept whatever its size, and one large transaction must not stop the log permanently.
 */
public record LogLimits(long maxBytes) {
    public LogLimits {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("a change log of at most " + maxBytes + " bytes");
        }
    }
}
