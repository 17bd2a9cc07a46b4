package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.setup.Verification;
import dev.runnel.verify.HistoryReport;
import dev.runnel.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code verify}: whether what is at replicas restores to what the databases were. */
final class VerifyCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel verify", "DB_PATH or REPLICA, or nothing");
    private final ConfigFlags configFlags;
    private final ReplicaFlag replicaFlag;
    private final VerifyFlags verifyFlags;

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        replicaFlag = new ReplicaFlag(flags, "all of them.");
        verifyFlags = new VerifyFlags(flags);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Verifies that what is at replicas restores to what the databases were. Each history
                is "complete"; "delayed", if this machine has newer commits; "without proof", if
                nothing in it says what the whole database has to be, as with Litestream; "lost",
                if objects are missing; or "damaged". Nothing is changed. The exit status is 1 if
                anything is lost or damaged, or cannot be read.

                Usage:

                    runnel verify [flags]             every database of the configuration
                    runnel verify [flags] DB_PATH     the replicas of a database in the configuration
                    runnel verify [flags] REPLICA     a folder, or a URL such as file:///backup/app

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectAtMost(1, operands);
        VerifyOptions options = verifyFlags.options();
        List<ReplicaSource> sources = operands.isEmpty()
                ? everything()
                : List.of(new ReplicaFinder(configFlags).find(operands.getFirst(), ReplicaFinder.Unknown.DATABASE));
        VerifyResults results = new VerifyResults(options);
        try (Replicas replicas = terminal.replicas();
                ProgressDisplay display = terminal.progress("reading")) {
            Verification verification = new Verification(replicas, options, scratch(), display.progress());
            for (ReplicaSource source : sources) {
                for (ReplicaConfig replica : replicaFlag.among(source)) {
                    verify(verification, source, replica, results);
                }
            }
        }
        if (verifyFlags.asJson.value()) {
            Json.print(terminal.out(), results::writeTo);
        } else {
            results.printTo(terminal.out());
        }
        results.tell(terminal.err());
        return results.hasFailure() ? ExitStatus.FAILURE : ExitStatus.SUCCESS;
    }

    /** A replica that cannot be read does not keep the others from being verified. */
    private static void verify(
            Verification verification, ReplicaSource source, ReplicaConfig replica, VerifyResults results) {
        try {
            for (HistoryReport report : verification.verify(replica, source.metaFolder())) {
                results.add(source.name(), replica.name(), report);
            }
        } catch (IOException e) {
            results.add(source.name(), replica.name(), e);
        }
    }

    private List<ReplicaSource> everything() throws IOException {
        Config config = configFlags.read();
        return config.databases().stream()
                .map(database -> ReplicaSource.of(database, config))
                .toList();
    }

    private Path scratch() {
        String given = verifyFlags.scratch.value();
        return configFlags.locations().path(given.isEmpty() ? temporaryFolder() : given);
    }

    private String temporaryFolder() {
        return terminal.environment().getOrDefault("TMPDIR", "/tmp");
    }
}
