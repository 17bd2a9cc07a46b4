package dev.runnel.cli;

import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.install.Install;
import java.io.IOException;
import java.util.List;

/** {@code install FOLDER}: what the build calls after packing the program. Users have no need of it. */
final class InstallCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel install", "FOLDER");

    InstallCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Prepares the folder of a fresh build: unpacks SQLite and runs the commands once.

                Usage:

                    runnel install FOLDER
                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.size() != 1) {
            throw new CommandException("the folder of the build is required", "runnel install FOLDER");
        }
        Install.into(
                terminal.workingFolder().resolve(operands.getFirst()),
                arguments -> new Program(terminal).run(arguments));
        return ExitStatus.SUCCESS;
    }
}
