package dev.runnel.cli;

import dev.runnel.cli.demo.Demo;
import dev.runnel.cli.flags.FlagSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;

/** {@code demo}. */
final class DemoCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel demo", "nothing");

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Shows in under a minute what Runnel does: an application writes to a database,
                Runnel follows it, both are killed in mid-write, the database is deleted, and
                its newest state and the one of 10 seconds earlier are restored and checked.
                Everything happens in a temporary folder.

                Usage:

                    runnel demo
                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectNone(operands);
        try {
            return new Demo(terminal.out()).run() ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
