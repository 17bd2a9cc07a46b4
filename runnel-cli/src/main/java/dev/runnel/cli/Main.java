package dev.runnel.cli;

import java.util.List;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ExitStatus status = new Program(Terminal.ofProcess()).run(List.of(arguments));
        // Unlike exit, halt does not first load the logging of the platform. There is nothing left to be done on the
        // way.
        Runtime.getRuntime().halt(status.code());
    }
}
