package dev.runnel.cli;

import dev.runnel.cli.DatabaseRestore.Outcome;
import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.logging.CommandLog;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.output.Json;
import dev.runnel.restore.IntegrityCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
                Restores a database from a replica: the newest state, or the one of a TXID or a
                time. The database gets its name only when it is complete and its checksum is
                right.

                Usage:

                    runnel restore [flags]                    all databases of the configuration
                                                              that are not there; with -force
                                                              all of them
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
        Operands.expectAtMost(1, operands);
        DatabaseRestore restore = new DatabaseRestore(terminal, restoreFlags, replicaFlag);
        restoreFlags.target();
        restoreFlags.options();
        return operands.isEmpty() ? runAll(restore) : runOne(restore, operands.getFirst());
    }

    private ExitStatus runAll(DatabaseRestore restore) throws IOException {
        Optional<Config> config = configFlags.namesFile() ? Optional.of(configFlags.read()) : configFlags.readIfThere();
        if (config.isEmpty()) {
            throw new CommandException(
                    "database path or replica URL required", "runnel restore -o /path/to/db /backup/app");
        }
        restoreFlags.checkForAll();
        if (config.get().databases().isEmpty()) {
            throw new CommandException("no databases in " + configFlags.source(), "an entry below \"dbs:\"");
        }
        return new RestoreAll(terminal, restoreFlags, restore).run(config.get());
    }

    private ExitStatus runOne(DatabaseRestore restore, String operand) throws IOException {
        boolean hasOutput = !restoreFlags.output.value().isEmpty();
        ReplicaSource source = new ReplicaFinder(configFlags)
                .find(operand, hasOutput ? ReplicaFinder.Unknown.EMPTY_FOLDER : ReplicaFinder.Unknown.DATABASE);
        Path output = output(source);
        CommandLog log = log(source.logging());
        if (restoreFlags.ifDatabaseNotExists.value() && Files.exists(output)) {
            log.info("database already exists, skipping");
            return ExitStatus.SUCCESS;
        }
        switch (restore.run(source, output)) {
            case Outcome.Restored(RestoreResult result) -> show(result, log);
            case Outcome.Planned(RestorePlanText plan) -> showPlan(plan);
            case Outcome.NoBackup() -> log.info("no matching backups found");
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

    private CommandLog log(LogConfig config) {
        LogConfig effective = LogLevels.apply(terminal.environment(), config);
        LogConfig.Stream stream = restoreFlags.asJson.value() ? LogConfig.Stream.STDERR : effective.stream();
        CommandLog log = new CommandLog(effective, terminal.log(stream));
        LogLevels.warning(terminal.environment()).ifPresent(log::warn);
        return log;
    }

    private void showPlan(RestorePlanText plan) throws IOException {
        if (restoreFlags.asJson.value()) {
            plan.printJson(terminal.out());
        } else {
            plan.print(terminal.out());
        }
    }

    private void show(RestoreResult result, CommandLog log) throws IOException {
        if (result.report().integrityCheck() != IntegrityCheck.NONE) {
            log.info(
                    "post-restore integrity check passed",
                    new Attribute("replica", result.replica().name()));
        }
        if (restoreFlags.asJson.value()) {
            Json.print(terminal.out(), json -> {
                json.beginObject();
                json.name("db_path").value(result.output().toString());
                result.writeFields(json);
                json.endObject();
            });
        }
        result.warnings().forEach(terminal.err()::println);
        if (!restoreFlags.quiet.value()) {
            result.lines().forEach(terminal.err()::println);
        }
    }
}
