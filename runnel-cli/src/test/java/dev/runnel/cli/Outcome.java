package dev.runnel.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a command line came to, when it was run in this process and read by a program. */
record Outcome(int exit, String stdout, String stderr) {
    static Outcome of(List<String> arguments, Path folder, Map<String, String> environment) {
        return of("", arguments, folder, environment);
    }

    /** With a text at standard input. */
    static Outcome of(String input, List<String> arguments, Path folder, Map<String, String> environment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.Reader.PROGRAM,
                Terminal.Reader.PROGRAM,
                environment,
                folder,
                folder);
        int exit = new Program(terminal).run(arguments).code();
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
