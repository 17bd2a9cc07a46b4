package dev.runnel.cli;

import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.cli.output.Times;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.FileOwner;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.restore.RestoreOptions;
import dev.runnel.restore.RestoreOptions.ExistingOutput;
import dev.runnel.setup.HistoryGeneration;
import dev.runnel.setup.RestoreChoice;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The flags of {@code restore}, and what they say together. */
final class RestoreFlags implements RestoreChoice {
    private static final int LONGEST_INDEX = 16;

    final Flag<String> output;
    final Flag<Boolean> ifDatabaseNotExists;
    final Flag<Boolean> ifReplicaExists;
    final Flag<Boolean> dryRun;
    final Flag<Boolean> asJson;
    final Flag<Boolean> quiet;
    private final Flag<Txid> txid;
    private final Flag<String> generation;
    private final Flag<Optional<Long>> index;
    private final Flag<String> timestamp;
    private final Flag<Boolean> force;
    private final Flag<String> owner;
    private final Flag<Integer> parallelism;
    private final Flag<String> integrityCheck;

    RestoreFlags(FlagSet flags) {
        output = flags.addText("o", "PATH", """
                The database file to make. Without it: the path of the database in the
                configuration.""");
        txid = flags.add("txid", "TXID", Txid.NONE, RestoreFlags::readTxid, """
                Restores exactly this TXID, 16 hex digits. Without it: the newest.""");
        timestamp = flags.addText("timestamp", "TIME", """
                Restores the newest state at or before a time, such as
                2000-01-01T00:00:00Z.""");
        generation = flags.addText("generation", "NAME", """
                Restores from this generation, as "runnel generations" names it. Without it:
                from the newest history.""");
        index = flags.add("index", "INDEX", Optional.empty(), RestoreFlags::readIndex, """
                Restores the state after the WAL of this index, in hex; after this TXID, where
                history consists of LTX files. Without -generation: of the newest one.""");
        ifDatabaseNotExists = flags.addSwitch("if-db-not-exists", "Does nothing if the database exists already.");
        ifReplicaExists = flags.addSwitch("if-replica-exists", "Does nothing if the replica is empty.");
        force = flags.addSwitch("force", """
                Replaces a database that exists, with its -wal, -shm and -journal. It keeps
                its owner, group and mode. Nothing is replaced before the restored database
                is complete and proven, or while a process has the database open.""");
        owner = flags.addText("owner", "USER[:GROUP]", """
                Gives the database to a user, by name or number. Without it, a database that
                is replaced keeps its owner, and a new one belongs to the user who restores it.""");
        dryRun = flags.addSwitch("dry-run", "Shows which files would be fetched, and fetches none.");
        parallelism = flags.add("parallelism", "N", 8, RestoreFlags::readParallelism, """
                How many parts are fetched at a time. Without it: 8.""");
        integrityCheck = flags.addText("integrity-check", "MODE", """
                Also has SQLite check the restored database: none (the default), quick or full.""");
        asJson = flags.addSwitch("json", "Prints the result, or the plan, as JSON.");
        quiet = flags.addSwitch("quiet", "Shows neither progress nor result.");
        flags.refuse("f", "following a replica is not supported yet");
        flags.refuse("follow-interval", "following a replica is not supported yet");
    }

    /** Whether a database that exists is replaced. */
    boolean replacesExisting() {
        return force.value();
    }

    /** Refuses what has a meaning for one database only. */
    void checkForAll() throws CommandException {
        if (output.isGiven()) {
            throw new CommandException("-o is for one database", "runnel restore -o PATH DB_PATH");
        }
        if (txid.isGiven() || generation().isPresent()) {
            throw new CommandException(
                    "-txid, -generation and -index are for one database, since each has its own",
                    "-timestamp, or the path of a database");
        }
    }

    /** The generation that is asked for, where one is; empty text stands for the newest. */
    @Override
    public Optional<String> generation() {
        return generation.isGiven() || index.isGiven() ? Optional.of(generation.value()) : Optional.empty();
    }

    /** What to restore from a generation. */
    @Override
    public RestoreTarget targetIn(HistoryGeneration chosen) throws IOException {
        if (index.value().isPresent()) {
            return chosen.atIndex(index.value().get());
        }
        return timestamp.value().isEmpty() ? chosen.newest() : chosen.atTime(time());
    }

    /** What to restore, if no generation is asked for. */
    @Override
    public RestoreTarget target() throws CommandException {
        if (index.isGiven() && !timestamp.value().isEmpty()) {
            throw new CommandException("cannot specify index & timestamp to restore");
        }
        if (generation().isPresent() && txid.isGiven()) {
            throw new CommandException(
                    "cannot specify -txid with -generation or -index", "-index, which takes TXIDs too");
        }
        if (txid.isGiven() && !timestamp.value().isEmpty()) {
            throw new CommandException("cannot specify -txid & -timestamp to restore");
        }
        if (!timestamp.value().isEmpty()) {
            return new RestoreTarget.AtTime(time());
        }
        return txid.value().isNone() ? new RestoreTarget.Latest() : new RestoreTarget.AtTxid(txid.value());
    }

    RestoreOptions options() throws CommandException {
        return RestoreOptions.DEFAULT
                .withParallelism(parallelism.value())
                .withIntegrityCheck(check(integrityCheck.value(), IntegrityCheck.NONE))
                .withOwner(owner())
                .withExisting(force.value() ? ExistingOutput.REPLACE : ExistingOutput.FAIL);
    }

    private Optional<FileOwner> owner() throws CommandException {
        if (owner.value().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FileOwner.parse(owner.value()));
        } catch (IOException e) {
            throw new CommandException(
                    "-owner " + owner.value() + ": this machine has no such user or group", "-owner 1000:1000", e);
        }
    }

    private Instant time() throws CommandException {
        try {
            return Times.parse(timestamp.value());
        } catch (IllegalArgumentException e) {
            boolean hasNoZone = Times.isWithoutZone(timestamp.value());
            throw new CommandException(
                    "invalid -timestamp, must specify in ISO 8601 format (e.g. 2000-01-01T00:00:00Z)"
                            + (hasNoZone ? ": a zone is missing" : "") + ", found \"" + timestamp.value() + "\"",
                    hasNoZone
                            ? "-timestamp " + timestamp.value() + "Z for UTC, or " + timestamp.value() + "+02:00"
                            : "",
                    e);
        }
    }

    /** @param usual what an empty text stands for */
    static IntegrityCheck check(String text, IntegrityCheck usual) throws CommandException {
        return switch (text) {
            case "" -> usual;
            case "none" -> IntegrityCheck.NONE;
            case "quick" -> IntegrityCheck.QUICK;
            case "full" -> IntegrityCheck.FULL;
            default -> throw new CommandException("invalid -integrity-check value: " + text, "none, quick or full");
        };
    }

    static String nameOf(IntegrityCheck check) {
        return check.name().toLowerCase(Locale.ROOT);
    }

    private static Txid readTxid(String text) {
        try {
            return Txid.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid txid format: a TXID is 16 hex digits, such as 000000000000001f", e);
        }
    }

    private static Optional<Long> readIndex(String text) {
        if (text.isEmpty()
                || text.length() > LONGEST_INDEX
                || !text.chars().allMatch(digit -> Character.digit(digit, 16) >= 0)
                || Long.parseUnsignedLong(text, 16) < 0) {
            throw new IllegalArgumentException("invalid hexadecimal format");
        }
        return Optional.of(Long.parseUnsignedLong(text, 16));
    }

    private static Integer readParallelism(String text) {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("parse error");
        }
        if (number < 1) {
            throw new IllegalArgumentException("must be at least 1");
        }
        return number;
    }
}
