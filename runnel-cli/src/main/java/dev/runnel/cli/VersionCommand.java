package dev.runnel.cli;

import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import java.util.List;

/** {@code version}. */
final class VersionCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel version", "nothing");
    private final Flag<Boolean> verbose =
            flags.addSwitch("verbose", "Also prints the versions of Java and the machine.");

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
            Prints the version.

            Usage:

                runnel version [flags]

            Flags:

            """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws CommandException {
        Operands.expectNone(operands);
        if (!verbose.value()) {
            terminal.out().println(Version.NUMBER);
            return ExitStatus.SUCCESS;
        }
        terminal.out().println("Version:      " + Version.NUMBER);
        terminal.out().println("Java Version: " + Runtime.version());
        terminal.out().println("OS/Arch:      " + System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
        return ExitStatus.SUCCESS;
    }
}
