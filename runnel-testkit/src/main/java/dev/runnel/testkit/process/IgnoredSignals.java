package dev.runnel.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signals that this process ignores, in the background of a shell, for example; programs that it starts ignore them, too. */
public final class IgnoredSignals {
    private static final String PREFIX = "SigIgn:";
    private static final int HEXADECIMAL = 16;

    private IgnoredSignals() {}

    /** Whether the signal with this number is one. Needs {@code /proc}. */
    public static boolean contains(int signal) throws IOException {
        long ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(PREFIX))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(PREFIX.length()).strip(), HEXADECIMAL))
                .findFirst()
                .orElse(0);
        return (ignored & (1L << (signal - 1))) != 0;
    }
}
