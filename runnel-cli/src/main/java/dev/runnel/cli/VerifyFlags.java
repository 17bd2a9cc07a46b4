package dev.runnel.cli;

import dev.runnel.cli.flags.Flag;
import dev.runnel.cli.flags.FlagSet;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.verify.Depth;
import dev.runnel.verify.VerifyOptions;
import dev.runnel.verify.VerifyOptions.Question;
import dev.runnel.verify.VerifyOptions.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags of {@code verify} that say how closely it looks. */
final class VerifyFlags {
    private final Map<Depth, Flag<Boolean>> depths = new LinkedHashMap<>();
    private final Flag<Boolean> random;
    private final Flag<String> integrityCheck;
    private final Flag<String> query;
    private final Flag<String> expect;
    final Flag<String> scratch;
    final Flag<Boolean> asJson;

    VerifyFlags(FlagSet flags) {
        depths.put(Depth.NAMES, flags.addSwitch("names", """
                Only listings: whether the newest state can be reached without a hole."""));
        depths.put(Depth.BYTES, flags.addSwitch("bytes", """
                Reads every object from its first to its last byte, those of old states too."""));
        depths.put(Depth.PAGES, flags.addSwitch("pages", """
                Reads the pages of the newest state and computes the checksum of the
                database, without a file on disk. The default."""));
        depths.put(Depth.RESTORE, flags.addSwitch("restore", """
                Restores the newest state to a scratch file, has SQLite check it, and
                deletes it."""));
        random = flags.addSwitch("random", """
                With -pages or -restore: a state of a random time instead of the newest.""");
        integrityCheck = flags.addText("integrity-check", "MODE", """
                With -restore: what SQLite checks: none, quick or full (the default).""");
        query = flags.addText("query", "SQL", """
                With -restore: a query that is run on the restored database.""");
        expect = flags.addText("expect", "TEXT", """
                What the query has to answer: columns separated by |, rows by line ends.""");
        scratch = flags.addText("scratch", "DIR", """
                Where a database is restored to for a while. Without it: $TMPDIR or /tmp.""");
        asJson = flags.addSwitch("json", "Prints JSON instead of a table.");
    }

    VerifyOptions options() throws CommandException {
        Depth depth = depth();
        checkNeeds(depth == Depth.RESTORE, integrityCheck, "-integrity-check", "-restore");
        checkNeeds(depth == Depth.RESTORE, query, "-query", "-restore");
        checkNeeds(query.isGiven(), expect, "-expect", "-query");
        checkNeeds(depth == Depth.RESTORE || depth == Depth.PAGES, random, "-random", "-pages or -restore");
        Optional<Question> question = query.isGiven()
                ? Optional.of(
                        new Question(query.value(), expect.isGiven() ? Optional.of(expect.value()) : Optional.empty()))
                : Optional.empty();
        IntegrityCheck check = RestoreFlags.check(integrityCheck.value(), IntegrityCheck.FULL);
        return new VerifyOptions(depth, random.value() ? State.RANDOM : State.NEWEST, check, question);
    }

    private Depth depth() throws CommandException {
        List<Depth> given = depths.entrySet().stream()
                .filter(each -> each.getValue().value())
                .map(Map.Entry::getKey)
                .toList();
        if (given.size() > 1) {
            throw new CommandException("-names, -bytes, -pages and -restore exclude each other", "one of them");
        }
        return given.isEmpty() ? Depth.PAGES : given.getFirst();
    }

    private static void checkNeeds(boolean has, Flag<?> flag, String name, String needed) throws CommandException {
        if (flag.isGiven() && !has) {
            throw new CommandException(name + " has no effect without " + needed, name + " with " + needed);
        }
    }
}
