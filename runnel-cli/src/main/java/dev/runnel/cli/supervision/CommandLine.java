package dev.runnel.cli.supervision;

import java.util.List;

/**
 * A program and its arguments, as one line of text has them.
 *
 * @param words the program, and its arguments
 */
public record CommandLine(List<String> words) {
    public CommandLine {
        words = List.copyOf(words);
    }

    /**
     * Splits a line at its spaces. Quotes and backslashes work as in a shell; there is no shell, so nothing is expanded.
     *
     * @throws IllegalArgumentException if the line is empty, a quote does not end, or something needs a shell; the message
     *     says where, and quotes nothing, because arguments may be secret
     */
    public static CommandLine parse(String line) {
        return new CommandLine(new WordSplitter(line).split());
    }

    /** The name or the path of the program. */
    public String program() {
        return words.getFirst();
    }
}
