package dev.runnel.cli;

import com.google.gson.stream.JsonWriter;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.config.ReplicaConfig;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.logging.CommandLog;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.output.Amounts;
import dev.runnel.cli.output.Json;
import dev.runnel.cli.output.ProgressDisplay;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.Restorable;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreReport;
import dev.runnel.restore.RestoredImage;
import dev.runnel.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;

/** {@code restore}. */
final class RestoreCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel restore", "DB_PATH or REPLICA");
    private final ConfigFlags configFlags;
    private final RestoreFlags restoreFlags;
    private final ReplicaFlag replicaFlag;

    RestoreCommand(Terminal terminal) {
        this.terminal = terminal;
        restoreFlags = new RestoreFlags(flags);
        replicaFlag = new ReplicaFlag(flags, "the one that restores the newest state.");
        configFlags = new ConfigFlags(flags, terminal);
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Makes a database from a replica: the newest state, or the one of a TXID or a
                time. The database gets its name only when it is complete and its checksum is
                right.

                Usage:

                    runnel restore [flags] DB_PATH            a database of the configuration
                    runnel restore -o PATH [flags] REPLICA    a folder, or a URL such as
                                                              file:///backup/app

                A path is taken for a replica if it is a folder, or, with -o, if there is
                nothing there; else for a database of the configuration. With -config it is
                always a database. Of several replicas of a database the one that has the newest
                state is taken.

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        if (operands.isEmpty()) {
            throw new CommandException(
                    "database path or replica URL required", "runnel restore -o /path/to/db /backup/app");
        }
        Operands.expectAtMost(1, operands);
        restoreFlags.target();
        RestoreOptions options = restoreFlags.options();
        boolean hasOutput = !restoreFlags.output.value().isEmpty();
        ReplicaSource source = new ReplicaFinder(configFlags)
                .find(
                        operands.getFirst(),
                        hasOutput ? ReplicaFinder.Unknown.EMPTY_FOLDER : ReplicaFinder.Unknown.DATABASE);
        Path output = output(source);
        CommandLog log = log(source.logging());
        if (restoreFlags.ifDatabaseNotExists.value() && Files.exists(output)) {
            log.info("database already exists, skipping");
            return ExitStatus.SUCCESS;
        }
        try {
            Path scratch = output.resolveSibling("." + output.getFileName() + ".pages.tmp");
            Replicas replicas = new Replicas(Disk.system(), terminal.environment());
            ChosenHistory chosen =
                    new ChosenHistory.Choice(replicas, restoreFlags, scratch).among(replicaFlag.among(source));
            if (restoreFlags.dryRun.value()) {
                RestorePlan plan = chosen.history().plan(chosen.target());
                showPlan(new RestorePlanText(source.name(), chosen.replica(), output, plan));
            } else {
                RestoreReport report = restore(chosen.history(), chosen.target(), output, options);
                if (report.integrityCheck() != IntegrityCheck.NONE) {
                    log.info(
                            "post-restore integrity check passed",
                            new Attribute("replica", chosen.replica().name()));
                }
                show(chosen.replica(), output, report);
            }
        } catch (ReplicaException.NothingToRestore e) {
            if (!restoreFlags.ifReplicaExists.value()) {
                throw e;
            }
            log.info("no matching backups found");
        }
        return ExitStatus.SUCCESS;
    }

    private Path output(ReplicaSource source) throws CommandException {
        String given = restoreFlags.output.value();
        if (!given.isEmpty()) {
            return configFlags.locations().path(given);
        }
        return source.database()
                .orElseThrow(() -> new CommandException(
                        "-o is required when restoring from a replica URL",
                        "runnel restore -o /path/to/db " + source.name()));
    }

    private CommandLog log(LogConfig config) throws CommandException {
        LogConfig effective = LogLevels.apply(terminal.environment(), config);
        boolean outIsTaken = restoreFlags.asJson.value() || effective.stream() == LogConfig.Stream.STDERR;
        return new CommandLog(effective, outIsTaken ? terminal.err() : terminal.out());
    }

    private void showPlan(RestorePlanText plan) throws IOException {
        if (restoreFlags.asJson.value()) {
            plan.printJson(terminal.out());
        } else {
            plan.print(terminal.out());
        }
    }

    private RestoreReport restore(Restorable history, RestoreTarget target, Path output, RestoreOptions options)
            throws IOException {
        Restorer restorer = new Restorer(
                Disk.system(),
                Clock.system(),
                Entropy.system(),
                threads -> Executors.newFixedThreadPool(
                        threads,
                        Thread.ofPlatform().daemon().name("restore-", 0).factory()));
        if (restoreFlags.quiet.value()) {
            return restorer.restore(history, target, output, options);
        }
        try (ProgressDisplay display = display()) {
            return restorer.restore(history, target, output, options.withProgress(display.progress()));
        }
    }

    private ProgressDisplay display() {
        return switch (terminal.errorStream()) {
            case PERSON -> ProgressDisplay.onScreen(terminal.err());
            case PROGRAM -> ProgressDisplay.inLines(terminal.err());
        };
    }

    private void show(ReplicaConfig replica, Path output, RestoreReport report) throws IOException {
        if (restoreFlags.asJson.value()) {
            Json.print(terminal.out(), json -> write(json, replica, output, report));
        }
        if (!restoreFlags.quiet.value()) {
            terminal.err().println(describe(output, report));
            for (String damaged : report.image().damaged()) {
                terminal.err()
                        .println("warning: " + damaged + " is damaged at the replica; its pages came from other files");
            }
        }
    }

    private static String describe(Path output, RestoreReport report) {
        RestoredImage image = report.image();
        String proof = switch (image.provenBy()) {
            case DATABASE_CHECKSUM -> "database checksum " + hex(image.checksum()) + " as written by the source";
            case FILE_CHECKSUMS -> "every file checksum right; the replica has no checksum of the database";
        };
        return "restored " + output + ": " + image.plan().point() + " of "
                + image.plan().time() + ", " + Amounts.bytes(image.size()) + " in "
                + Amounts.duration(report.duration()) + ", " + proof;
    }

    private static void write(JsonWriter json, ReplicaConfig replica, Path output, RestoreReport report)
            throws IOException {
        RestoredImage image = report.image();
        json.beginObject();
        json.name("db_path").value(output.toString());
        json.name("replica").value(replica.name());
        json.name("txid").value(image.plan().hasTxid() ? image.plan().reached().toString() : "");
        json.name("point").value(image.plan().point());
        json.name("duration_ms").value(report.duration().toMillis());
        json.name("integrity_check").value(RestoreFlags.nameOf(report.integrityCheck()));
        json.name("time").value(image.plan().time().toString());
        json.name("database_checksum").value(hex(image.checksum()));
        json.name("proven_by").value(image.provenBy().name().toLowerCase(Locale.ROOT));
        json.name("damaged").beginArray();
        for (String damaged : image.damaged()) {
            json.value(damaged);
        }
        json.endArray();
        json.endObject();
    }

    private static String hex(long checksum) {
        return String.format(Locale.ROOT, "%016x", checksum);
    }
}
