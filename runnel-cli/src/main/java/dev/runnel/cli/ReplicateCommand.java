package dev.runnel.cli;

import dev.runnel.cli.config.Config;
import dev.runnel.cli.config.Config.FolderOfDatabases;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.daemon.ConfigSource;
import dev.runnel.cli.daemon.Daemon;
import dev.runnel.cli.daemon.StopSignals;
import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.logging.Logging;
import dev.runnel.cli.supervision.Application;
import dev.runnel.cli.supervision.CommandLine;
import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.location.Location;
import dev.runnel.location.LocationTypes;
import dev.runnel.platform.Clock;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DatabaseSpecs;
import dev.runnel.setup.Layout;
import dev.runnel.setup.Locations;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.Replicas;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** {@code replicate}: the daemon. */
final class ReplicateCommand implements Command {
    /** Replicas that a warning about many of them names. */
    private static final int NAMED_REPLICAS = 3;

    private final Terminal terminal;
    private final FlagSet flags = new FlagSet("runnel replicate", "DB_PATH and REPLICA_URL arguments");
    private final ConfigFlags configFlags;
    private final Flag<Optional<LogConfig.Level>> logLevel;
    private final Flag<Optional<CommandLine>> exec;
    private final Flag<Boolean> once;
    private final Flag<Boolean> forceSnapshot;
    private final Flag<Boolean> enforceRetention;
    private final Flag<Boolean> allowUnencrypted;
    private final Flag<Boolean> restoreMissing;

    ReplicateCommand(Terminal terminal) {
        this.terminal = terminal;
        configFlags = new ConfigFlags(flags, terminal);
        logLevel = flags.add("log-level", "LEVEL", Optional.empty(), text -> Optional.of(LogLevels.parse(text)), """
                What is logged: trace, debug, info, warn or error. Without it: $LOG_LEVEL,
                the configuration, info.""");
        exec = flags.add("exec", "COMMAND", Optional.empty(), ReplicateCommand::readCommand, """
                Starts an application, once all databases have been tried; ends when it
                ends, after a last sync, with its exit status. Signals are passed to it.
                Words are split as in a shell, but there is none: no variables, no pipes.""");
        once = flags.addSwitch("once", "Uploads everything that is pending, and ends.");
        forceSnapshot = flags.addSwitch("force-snapshot", "With -once: makes a snapshot at every replica, too.");
        enforceRetention = flags.addSwitch("enforce-retention", "With -once: removes expired objects, too.");
        allowUnencrypted = flags.addSwitch("allow-unencrypted", """
                Continues without encryption where a replica is encrypted and no age keys
                are configured for it. What is encrypted stays until "runnel adoptions
                -confirm". Without this flag such a replica is not written.""");
        restoreMissing = flags.addSwitch("restore-if-db-not-exists", """
                Restores databases that do not exist before anything else is started. If
                one cannot be restored, nothing is started; if no replica has history of
                it, it is a new database.""");
    }

    @Override
    public FlagSet flags() {
        return flags;
    }

    @Override
    public String description() {
        String urls = LocationTypes.installed().all().stream()
                .map(type -> " ".repeat(49) + type.urlForm())
                .collect(Collectors.joining("\n"));
        return """
                Follows databases and ships every committed change to their replicas, until a
                signal. SIGINT and SIGTERM do a last sync; the exit status is 0 if everything is
                at the replicas then, and 1 if not. A second signal ends at once. SIGHUP does a
                last sync and ends if the terminal is gone; otherwise the configuration is read
                again. With -once it does a sync and ends, with the same exit status. With -exec the
                application gets the signals, and Runnel ends after it, with its exit status
                or, if that is 0, its own. A second signal kills it; a third ends at once.

                Usage:

                    runnel replicate [flags]                     all databases of the configuration
                    runnel replicate [flags] DB_PATH REPLICA...  one database; a replica is a
                                                                 folder, or a URL:
                %s

                Flags:

                """.formatted(urls);
    }

    @Override
    public ExitStatus run(List<String> operands) throws IOException {
        requireOnce(forceSnapshot);
        requireOnce(enforceRetention);
        Config config = checked(operands.isEmpty() ? configFlags.read() : onlyOne(operands));
        if (once.value() && config.daemon().exec().isPresent()) {
            throw new CommandException("cannot specify -once flag with -exec");
        }
        LogConfig fromEnvironment = LogLevels.apply(terminal.environment(), config.logging());
        LogConfig logging = logLevel.value().map(fromEnvironment::withLevel).orElse(fromEnvironment);
        Logging.start(logging, terminal.log(logging.stream()));
        LogLevels.warning(terminal.environment()).ifPresent(LoggerFactory.getLogger(ReplicateCommand.class)::warn);
        warnOfEncryptOnly(config);
        Replicas replicas = terminal.replicas();
        Thread.ofPlatform()
                .daemon()
                .name("leftovers")
                .start(() -> config.databases().stream()
                        .flatMap(database -> database.replicas().stream())
                        .forEach(replica -> removeLeftovers(replicas, replica)));
        new MissingDatabases(terminal, replicas).restore(config);
        try {
            return follow(config, replicas, followed -> readAgain(operands, replicas, followed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private void requireDatabases(Config config) throws CommandException {
        for (FolderOfDatabases folder : config.folders()) {
            if (folder.found().isEmpty() && !folder.folder().isWatched()) {
                throw new CommandException(
                        "no SQLite databases found in folder "
                                + folder.folder().folder() + " with pattern "
                                + folder.folder().pattern(),
                        "Set \"watch: true\" if they appear later.");
            }
        }
        if (config.databases().isEmpty() && config.folders().isEmpty()) {
            throw new CommandException("no databases in " + configFlags.source(), "an entry below \"dbs:\"");
        }
        boolean hasReplica = Stream.concat(
                        config.databases().stream(),
                        config.folders().stream().map(each -> each.folder().settings()))
                .anyMatch(database -> !database.replicas().isEmpty());
        if (!hasReplica) {
            throw new CommandException(
                    "no database in " + configFlags.source() + " has a replica", "a \"replica\" below the database");
        }
    }

    private Config readAgain(List<String> operands, Replicas replicas, Map<Path, Object> followed) throws IOException {
        if (!operands.isEmpty()) {
            throw new CommandException(
                    "the command line names the database and its replicas, so there is no file to read again",
                    "Restart Runnel to change them.");
        }
        Config config = checked(configFlags.readAgain(followed));
        new MissingDatabases(terminal, replicas).restore(config);
        return config;
    }

    /** The configuration with what the flags say in place of what it says, if Runnel can do what it asks for. */
    private Config checked(Config read) throws CommandException {
        Config config = effective(read);
        requireDatabases(config);
        checkEncryption(config);
        return config;
    }

    private Config effective(Config config) {
        Config restoring = restoreMissing.value() ? config.restoringAll() : config;
        return exec.value().map(restoring::withExec).orElse(restoring);
    }

    private ExitStatus follow(Config config, Replicas replicas, ConfigSource source)
            throws IOException, InterruptedException {
        DatabaseSpecs specs =
                new DatabaseSpecs(replicas, duties(), once.value() ? Layout::toRemoveNow : UnaryOperator.identity());
        Daemon daemon = new Daemon(config, specs, replicas, configFlags.locations(), source);
        if (once.value()) {
            return statusOf(daemon.runOnce(Version.NUMBER));
        }
        Optional<Application> application = config.daemon()
                .exec()
                .map(command -> new Application(command, Application.USUAL_PATIENCE, Clock.system()));
        ExitStatus own = statusOf(daemon.run(Version.NUMBER, StopSignals.listen(application), application));
        return application
                .map(Application::status)
                .filter(status -> status != ExitStatus.SUCCESS.code())
                .map(ExitStatus::new)
                .orElse(own);
    }

    private static ExitStatus statusOf(Daemon.End end) {
        return end == Daemon.End.COMPLETE ? ExitStatus.SUCCESS : ExitStatus.FAILURE;
    }

    /** An empty text is no command, as if the flag were not there. */
    private static Optional<CommandLine> readCommand(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(CommandLine.parse(text));
    }

    private void requireOnce(Flag<Boolean> flag) throws CommandException {
        if (flag.value() && !once.value()) {
            throw new CommandException("cannot specify -" + flag.name() + " flag without -once");
        }
    }

    /** A replica that could only be read must not be found out at the first commit. */
    private static void checkEncryption(Config config) throws CommandException {
        for (DatabaseConfig database : config.databases()) {
            for (ReplicaConfig replica : database.replicas()) {
                if (replica.store().encryption().stream().anyMatch(keys -> !keys.canWrite())) {
                    throw new CommandException(
                            "replica " + replica.name() + " of " + database.path()
                                    + " has age identities and no recipients, so nothing could be written",
                            "\"recipients\" below \"age:\"");
                }
            }
        }
    }

    /** Nothing is at risk where only other hosts can decrypt; but an operator should not learn it when restoring. */
    private static void warnOfEncryptOnly(Config config) {
        List<String> replicas = config.databases().stream()
                .flatMap(database -> database.replicas().stream())
                .filter(replica -> replica.store().isEncryptOnly())
                .map(replica -> replica.location().display())
                .toList();
        if (replicas.isEmpty()) {
            return;
        }
        int more = replicas.size() - NAMED_REPLICAS;
        LoggerFactory.getLogger(ReplicateCommand.class)
                .warn(
                        "No age identity is configured for {}{}: this host encrypts what it uploads there and cannot read"
                                + " it. Not done on this host: restoring and verifying, and compaction of TXIDs that the"
                                + " change log does not have any more. It recognises its own uploads by their digests, which"
                                + " are in the meta folder of the database; without them it continues with a new snapshot."
                                + " Restore on a host with an identity.",
                        String.join(", ", replicas.subList(0, Math.min(NAMED_REPLICAS, replicas.size()))),
                        more > 0 ? " and " + more + " more" : "");
    }

    /** Leftovers only take space; a replica that fails says so itself, once it is followed. */
    private static void removeLeftovers(Replicas replicas, ReplicaConfig replica) {
        try {
            replicas.removeLeftovers(replica.location(), Clock.system().now());
        } catch (StoreException | RuntimeException e) {
            LoggerFactory.getLogger(ReplicateCommand.class)
                    .info("leftovers of earlier uploads stay: {}", e.getMessage());
        }
    }

    private Config onlyOne(List<String> operands) throws CommandException {
        if (configFlags.namesFile()) {
            throw new CommandException("cannot specify a replica URL and the -config flag");
        }
        if (operands.size() == 1) {
            throw new CommandException(
                    "must specify at least one replica URL for " + operands.getFirst(),
                    "runnel replicate " + operands.getFirst() + " /path/of/replica");
        }
        try {
            Locations locations = configFlags.locations();
            List<Location> replicas =
                    operands.stream().skip(1).map(locations::replica).toList();
            return Config.of(DatabaseConfig.of(locations.database(operands.getFirst()), replicas));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), "", e);
        }
    }

    private Set<Duty> duties() {
        Set<Duty> duties =
                once.value() ? EnumSet.noneOf(Duty.class) : EnumSet.of(Duty.MAINTENANCE, Duty.SCHEDULED_BASELINES);
        if (allowUnencrypted.value()) {
            duties.add(Duty.LEAVE_ENCRYPTED);
        }
        if (forceSnapshot.value()) {
            duties.add(Duty.ONE_BASELINE);
        }
        if (enforceRetention.value()) {
            duties.add(Duty.MAINTENANCE);
        }
        return duties;
    }
}
