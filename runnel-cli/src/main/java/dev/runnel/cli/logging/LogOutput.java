package dev.runnel.cli.logging;

import java.io.PrintStream;

/**
 * Where records go.
 *
 * @param stream takes the lines
 * @param colours whether the form for people may be coloured there
 */
public record LogOutput(PrintStream stream, Colours colours) {
    /** Whether a stream shows colours. */
    public enum Colours {
        NONE,
        ANSI
    }
}
