package dev.runnel.cli;

import java.util.List;

/** Where the process starts. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        ExitStatus status = new Program(Terminal.ofProcess()).run(List.of(arguments));
        // Nothing of ours keeps a process alive, and to end by itself takes less time than to exit.
        if (!status.equals(ExitStatus.SUCCESS)) {
            System.exit(status.code());
        }
    }
}
