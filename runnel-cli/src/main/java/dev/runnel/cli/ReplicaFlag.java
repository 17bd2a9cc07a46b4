package dev.runnel.cli;

import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.setup.ReplicaConfig;
import java.util.List;

/** The flag {@code -replica}, which names one of several replicas of a database. */
final class ReplicaFlag {
    private final Flag<String> name;

    ReplicaFlag(FlagSet flags, String withoutIt) {
        name = flags.addText(
                "replica", "NAME", "The replica of this name in the configuration. Without it:\n" + withoutIt);
    }

    /** The replicas that are meant: the one that is named, or all. */
    List<ReplicaConfig> among(ReplicaSource source) throws CommandException {
        if (source.replicas().isEmpty()) {
            throw new CommandException(
                    source.name() + " has no replica in the configuration", "a \"replica\" below the database");
        }
        if (!name.isGiven()) {
            return source.replicas();
        }
        if (source.database().isEmpty()) {
            throw new CommandException("cannot specify a replica and the -replica flag", "the path of the database");
        }
        return source.replicas().stream()
                .filter(replica -> replica.name().equals(name.value()))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new CommandException(
                        "replica \"" + name.value() + "\" not found for database \"" + source.name() + "\"",
                        "one of "
                                + String.join(
                                        ", ",
                                        source.replicas().stream()
                                                .map(ReplicaConfig::name)
                                                .toList())));
    }
}
