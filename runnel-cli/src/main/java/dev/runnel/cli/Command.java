package dev.runnel.cli;

import dev.runnel.cli.flags.FlagSet;
import java.io.IOException;
import java.util.List;

/** One command of the program. It defines its flags when it is made, and is run once, after they were read. */
interface Command {
    FlagSet flags();

    /** What it does and what it takes, for the help; the flags are added below. */
    String description();

    /**
     * Does it.
     *
     * @param operands the arguments after the flags
     */
    ExitStatus run(List<String> operands) throws IOException;
}
