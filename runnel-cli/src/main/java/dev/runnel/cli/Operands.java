package dev.runnel.cli;

import java.util.List;

/** Checks how many arguments follow the flags. */
final class Operands {
    private Operands() {}

    static void expectNone(List<String> operands) throws CommandException {
        expectAtMost(0, operands);
    }

    static void expectAtMost(int most, List<String> operands) throws CommandException {
        if (operands.size() > most) {
            throw new CommandException("too many arguments");
        }
    }

    /**
     * The database that a command is about.
     *
     * @param command its name, or a whole example
     */
    static String database(String command, List<String> operands) throws CommandException {
        if (operands.isEmpty()) {
            throw new CommandException(
                    "database path required",
                    command.startsWith("runnel ") ? command : "runnel " + command + " /path/to/db");
        }
        expectAtMost(1, operands);
        return operands.getFirst();
    }
}
