package dev.runnel.platform;

import java.io.IOException;

/** Turns what another thread, or a method handle, has thrown into what the caller may throw. */
public final class Causes {
    private Causes() {}

    /** The same fault as an IOException; what needs no declaration is thrown as it is. */
    public static IOException asIoException(Throwable cause) {
        return switch (cause) {
            case IOException io -> io;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            default -> new IOException(cause);
        };
    }
}
