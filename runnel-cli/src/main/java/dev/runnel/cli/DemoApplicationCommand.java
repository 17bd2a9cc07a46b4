package dev.runnel.cli;

import dev.runnel.cli.demo.OrdersApplication;
import dev.runnel.cli.flags.FlagSet;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.List;

/** {@code demo-application DB_PATH}: the application that {@code demo} starts. Users have no need of it. */
final class DemoApplicationCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel demo-application", "DB_PATH");

    DemoApplicationCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Writes orders to a new database until it is killed, and prints each one that is
                committed.

                Usage:

                    runnel demo-application DB_PATH
                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.size() != 1) {
            throw new CommandException("database path required", "runnel demo-application /path/to/db");
        }
        try {
            OrdersApplication.run(
                    terminal.workingFolder().resolve(operands.getFirst()).toString(), terminal.out());
            return ExitStatus.SUCCESS;
        } catch (SQLException e) {
            throw new CommandException(operands.getFirst() + ": " + e.getMessage(), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
