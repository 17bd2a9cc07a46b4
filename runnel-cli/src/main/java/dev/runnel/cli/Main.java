package dev.runnel.cli;

import java.util.List;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ExitStatus status = new Program(Terminal.ofProcess()).run(List.of(arguments));
        System.exit(status.code());
    }
}
