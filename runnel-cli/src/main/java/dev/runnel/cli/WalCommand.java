package dev.runnel.cli;

import dev.runnel.cli.flags.FlagSet;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code wal}: in Litestream 0.3 the list of what changed; in 0.5 an old name of {@code ltx}, whose flag {@code -level} it
 * then has. That flag decides which of the two is meant.
 */
final class WalCommand implements Command {
    private static final String LEVEL = "level";

    private final Command chosen;

    private WalCommand(Command chosen) {
        this.chosen = chosen;
    }

    /** @param arguments all of the command line after the name of the command */
    static WalCommand of(Terminal terminal, List<String> arguments) {
        Optional<String> level = arguments.stream()
                .filter(argument -> argument.replaceFirst("^--?", "")
                        .replaceFirst("=.*", "")
                        .equals(LEVEL))
                .filter(argument -> argument.startsWith("-"))
                .findFirst();
        if (level.isEmpty()) {
            return new WalCommand(new ListingCommand(terminal, Listing.WAL));
        }
        terminal.err().println("Warning: 'wal' command is deprecated, please use 'ltx' instead");
        return new WalCommand(new LtxCommand(terminal));
    }

    @Override
    public FlagSet flags() {
        return chosen.flags();
    }

    @Override
    public String description() {
        return chosen.description();
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        return chosen.run(operands);
    }
}
