package dev.runnel.cli;

import dev.runnel.setup.Locations;
import java.nio.file.Path;
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
     * @param example of the whole command line
     */
    static String database(String example, List<String> operands) throws CommandException {
        if (operands.isEmpty()) {
            throw new CommandException("database path required", example);
        }
        expectAtMost(1, operands);
        return operands.getFirst();
    }

    /** The absolute path of a database that was named on the command line. */
    static Path locate(Locations locations, String operand) throws CommandException {
        try {
            return locations.database(operand);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), "", e);
        }
    }
}
