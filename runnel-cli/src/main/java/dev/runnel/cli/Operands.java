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
}
