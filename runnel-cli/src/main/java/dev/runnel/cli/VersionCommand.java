package dev.runnel.cli;

import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import java.util.List;

/** {@code version}. */
final class VersionCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel version", "nothing");
    private final Flag<Boolean> verbose = flags.addSwitch(
            "verbose", "Also prints the commit that was built, and the versions of Java and the machine.");

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
        Revision revision = Revision.ofThisProgram();
        print("Version", Version.NUMBER);
        print("Java Version", Runtime.version().toString());
        print("Git Commit", revision.commit());
        print("Commit Time", revision.time());
        print("OS/Arch", System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
        return ExitStatus.SUCCESS;
    }

    private void print(String name, String value) {
        terminal.out().printf("%-13s %s%n", name + ":", value);
    }
}
