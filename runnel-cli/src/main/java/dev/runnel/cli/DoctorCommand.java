package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Json;
import dev.runnel.doctor.Fault;
import dev.runnel.engine.DatabaseSpec;
import dev.runnel.platform.Clock;
import dev.runnel.platform.ProcessLock;
import dev.runnel.setup.Examination;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code doctor}: what is wrong at replicas and with local files, what it means, and what to do. */
final class DoctorCommand implements Command {
    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel doctor", "DB_PATH or REPLICA, or nothing");
    private final ConfigFlags configFlags;
    private final ReplicaFlag replicaFlag;
    private final Flag<Boolean> repair;
    private final Flag<Boolean> asJson;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        replicaFlag = new ReplicaFlag(flags, "all of them.");
        repair = flags.addSwitch("repair", """
                Removes what is listed as removable. Only for databases of the
                configuration that no process follows.""");
        asJson = flags.addSwitch("json", "Prints JSON instead of text.");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        return """
                Finds what is wrong at replicas and in local files, from listings and the headers of
                the newest objects: holes, overlaps, foreign objects, leftovers, wrong times, history
                in two layouts, and unusable local files. Each fault is listed with what it means for
                the points that can be restored, what to do, and what -repair would remove. Nothing is
                changed without -repair. The exit status is 1 if anything is wrong and not repaired.

                Usage:

                    runnel doctor [flags]             every database of the configuration
                    runnel doctor [flags] DB_PATH     a database in the configuration, and its replicas
                    runnel doctor [flags] REPLICA     a folder, or a URL such as file:///backup/app

                Flags:

                """;
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        Operands.expectAtMost(1, operands);
        List<ReplicaSource> sources = operands.isEmpty()
                ? everything()
                : List.of(new ReplicaFinder(configFlags).find(operands.getFirst(), ReplicaFinder.Unknown.DATABASE));
        DoctorResults results = new DoctorResults();
        try (Replicas replicas = terminal.replicas()) {
            Examination examination = new Examination(replicas, Clock.system().now());
            for (ReplicaSource source : sources) {
                List<ReplicaConfig> among = replicaFlag.among(source);
                if (repair.value()) {
                    repair(examination, source, among, results);
                } else {
                    examine(examination, source, among, results, Repair.NONE);
                }
            }
        }
        if (asJson.value()) {
            Json.print(terminal.out(), results::writeTo);
        } else {
            results.printTo(terminal.out());
        }
        results.tell(terminal.err());
        return results.isHealthy() ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    }

    private List<ReplicaSource> everything() throws IOException {
        Config config = configFlags.read();
        return config.databases().stream()
                .map(database -> ReplicaSource.of(database, config))
                .toList();
    }

    /** Whether what can be removed is removed. */
    private enum Repair {
        NONE,
        REMOVE
    }

    /** Under the lock that a daemon holds. Where no process has ever followed the database, there is no lock to hold. */
    private static void repair(
            Examination examination, ReplicaSource source, List<ReplicaConfig> replicas, DoctorResults results)
            throws IOException {
        if (source.metaFolder().isEmpty()) {
            throw new CommandException(
                    "-repair needs to know whether a process follows the database, and " + source.name()
                            + " is only a replica",
                    "the path of the database in the configuration");
        }
        Path meta = source.metaFolder().get();
        if (!Files.isDirectory(meta)) {
            examine(examination, source, replicas, results, Repair.REMOVE);
            return;
        }
        switch (ProcessLock.tryTake(DatabaseSpec.lockFile(meta))) {
            case ProcessLock.Attempt.HeldBy(String holder) ->
                results.add(
                        source.name(),
                        "",
                        new CommandException(
                                "not repaired, because it is followed by " + holder,
                                "End it first, or use \"runnel stop\"; or run \"runnel doctor\" without -repair."));
            case ProcessLock.Attempt.Taken(ProcessLock lock) -> {
                try (lock) {
                    examine(examination, source, replicas, results, Repair.REMOVE);
                }
            }
        }
    }

    /** What cannot be read does not keep the rest from being examined. */
    private static void examine(
            Examination examination,
            ReplicaSource source,
            List<ReplicaConfig> replicas,
            DoctorResults results,
            Repair repair) {
        source.metaFolder().ifPresent(meta -> local(examination, source, meta, results, repair));
        for (ReplicaConfig replica : replicas) {
            results.examined();
            try {
                List<Fault> faults = examination.replica(replica, source.metaFolder());
                results.add(source.name(), replica.name(), faults, false);
            } catch (IOException e) {
                results.add(source.name(), replica.name(), e);
                continue;
            }
            leftovers(examination, source, replica, results, repair);
        }
    }

    /** A service that does not list them keeps nothing else from being examined. */
    private static void leftovers(
            Examination examination,
            ReplicaSource source,
            ReplicaConfig replica,
            DoctorResults results,
            Repair repair) {
        try {
            List<Fault> faults = examination.leftovers(replica);
            boolean isRepaired = repair == Repair.REMOVE && hasRemovable(faults);
            if (isRepaired) {
                examination.removeLeftovers(replica);
            }
            results.add(source.name(), replica.name(), faults, isRepaired);
        } catch (IOException e) {
            results.add(source.name(), replica.name(), e);
        }
    }

    private static void local(
            Examination examination, ReplicaSource source, Path meta, DoctorResults results, Repair repair) {
        try {
            Optional<String> follower = examination.follower(meta);
            if (repair == Repair.NONE && follower.isPresent()) {
                results.followed(source.name(), follower.get());
            }
            List<Fault> faults = examination.local(meta);
            boolean isRepaired = repair == Repair.REMOVE && hasRemovable(faults);
            if (isRepaired) {
                examination.repairLocal(faults);
            }
            results.add(source.name(), "", faults, isRepaired);
        } catch (IOException e) {
            results.add(source.name(), "", e);
        }
    }

    private static boolean hasRemovable(List<Fault> faults) {
        return faults.stream().anyMatch(fault -> !fault.removable().isEmpty());
    }
}
