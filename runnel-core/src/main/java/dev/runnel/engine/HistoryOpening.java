package dev.runnel.engine;

import dev.runnel.capture.Ledger;
import dev.runnel.capture.LedgerException;
import dev.runnel.capture.LocalHistory;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what is known of a database when it is first attached: the newest TXID, and the checksum of every page as of
 * it. In order of preference that costs nothing, a scan, reading a replica back, or a baseline.
 */
final class HistoryOpening {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryOpening.class);

    /** How long a start waits for replicas that do not answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final DatabaseSpec spec;
    private final Machine machine;
    private final LogLimits limits;
    private final UnmetReplicas unmet;

    /** The replicas that did not answer when they were asked last. */
    private List<String> silent = List.of();

    /** What is known before the database itself was looked at. */
    sealed interface Found {
        /** The local history is whole. */
        record Whole(LocalHistory history) implements Found {}

        /**
         * The ledger is to be made anew.
         *
         * @param log may be empty
         * @param newest the newest TXID that any place has
         * @param proof of that TXID, if there is one
         * @param replica whole up to that TXID, if there is one
         */
        record Ledgerless(ChangeLog log, Txid newest, Optional<Proof> proof, Optional<ReplicaActor> replica)
                implements Found {}
    }

    HistoryOpening(DatabaseSpec spec, Machine machine, LogLimits limits) {
        this.spec = spec;
        this.machine = machine;
        this.limits = limits;
        this.unmet = new UnmetReplicas(machine.disk(), spec.metaFolder());
    }

    UnmetReplicas unmet() {
        return unmet;
    }

    private Path ledgerPath() {
        return spec.metaFolder().resolve("ledger");
    }

    private Path logPath() {
        return spec.metaFolder().resolve("log");
    }

    /** Looks at the local files and at the replicas. */
    Found look(List<ReplicaActor> replicas) throws IOException, InterruptedException {
        ChangeLog log = openLog();
        log.dropped()
                .ifPresent(dropped -> LOG.warn(
                        "{}: {} files of the change log removed: {}", spec.path(), dropped.files(), dropped.reason()));
        Txid local = log.newest().map(LogFile::txid).orElse(Txid.NONE);
        Txid highest = local;
        Optional<ReplicaActor> furthest = Optional.empty();
        Optional<Position> position = Optional.empty();
        for (Map.Entry<ReplicaActor, Position> answer : ask(replicas, local).entrySet()) {
            ReplicaActor replica = answer.getKey();
            Position at = answer.getValue();
            highest = at.highest().isAfter(highest) ? at.highest() : highest;
            if (!at.whole().isNone()
                    && (position.isEmpty() || at.whole().isAfter(position.get().whole()))) {
                position = Optional.of(at);
                furthest = Optional.of(replica);
            }
        }
        if (highest.isAfter(local)) {
            if (!local.isNone()) {
                LOG.warn(
                        "{}: a replica has TXID {}, the local change log ends at {}: the replica is the truth",
                        spec.path(),
                        highest,
                        local);
            }
            Txid newest = highest;
            return new Found.Ledgerless(
                    ChangeLog.startOver(machine.disk(), logPath(), limits),
                    newest,
                    position.filter(at -> at.whole().equals(newest)).flatMap(Position::proof),
                    furthest);
        }
        if (local.isNone()) {
            return new Found.Ledgerless(log, local, Optional.empty(), Optional.empty());
        }
        return withLedger(log, furthest);
    }

    /**
     * What the replicas hold, as far as they say so in time. Without a history of our own one answer at least is needed; a
     * replica that turns out later to hold more has the history opened again.
     */
    private Map<ReplicaActor, Position> ask(List<ReplicaActor> replicas, Txid local)
            throws IOException, InterruptedException {
        Map<ReplicaActor, CompletableFuture<Position>> asked = new LinkedHashMap<>();
        replicas.forEach(replica -> asked.put(replica, replica.askPosition()));
        CompletableFuture<?>[] all = asked.values().toArray(CompletableFuture[]::new);
        awaitUntilSilent(CompletableFuture.allOf(all));
        if (local.isNone() && all.length > 0) {
            Work.result(CompletableFuture.anyOf(all));
        }
        Map<ReplicaActor, Position> answers = new LinkedHashMap<>();
        for (Map.Entry<ReplicaActor, CompletableFuture<Position>> each : asked.entrySet()) {
            if (each.getValue().state() == Future.State.SUCCESS) {
                Position found = Work.result(each.getValue());
                each.getKey().known(found);
                answers.put(each.getKey(), found);
            } else {
                LOG.warn(
                        "{}: {} does not answer; starting without it",
                        spec.path(),
                        each.getKey().name());
            }
        }
        silent = replicas.stream()
                .filter(replica -> !answers.containsKey(replica))
                .map(ReplicaActor::name)
                .toList();
        return answers;
    }

    private static void awaitUntilSilent(CompletableFuture<?> answers) throws InterruptedException {
        try {
            answers.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            LOG.debug("not every replica answers: {}", e.toString());
        }
    }

    private ChangeLog openLog() throws IOException {
        try {
            return ChangeLog.open(machine.disk(), logPath(), limits);
        } catch (LogException.Damaged e) {
            LOG.warn("{}: {}. The replica is asked instead.", spec.path(), e.getMessage());
            return ChangeLog.startOver(machine.disk(), logPath(), limits);
        }
    }

    private Found withLedger(ChangeLog log, Optional<ReplicaActor> replica) throws IOException {
        LogFile newest = log.newest().orElseThrow();
        try {
            Ledger ledger = Ledger.recover(machine.disk(), ledgerPath(), log);
            return new Found.Whole(history(log, ledger, newest.proof().lineage(), newest.time()));
        } catch (LedgerException.Lost e) {
            LOG.warn("{}: {}", spec.path(), e.getMessage());
            return new Found.Ledgerless(
                    log,
                    newest.txid(),
                    Optional.of(newest.proof()),
                    replica.filter(r -> r.shipped().equals(newest.txid())));
        }
    }

    private LocalHistory history(ChangeLog log, Ledger ledger, long lineage, Instant time) {
        return new LocalHistory(
                log, ledger, lineage, time, machine.disk(), spec.metaFolder().resolve("position"), machine.clock());
    }

    /**
     * Makes the ledger of an attached database from a scan: if the scan gives the state that is proved of the newest TXID,
     * or if there is nothing to compare it with.
     *
     * @return empty if the database is not in that state; then it is to be read back from the replica
     */
    Optional<LocalHistory> scan(Source source, Found.Ledgerless found) throws IOException {
        boolean isNew = found.proof().isEmpty() && found.replica().isEmpty();
        if (!isNew && found.proof().isEmpty()) {
            return Optional.empty();
        }
        Txid txid = isNew ? found.newest().next() : found.newest();
        Ledger ledger = source.makeLedger(txid, ledgerPath());
        if (isNew) {
            ChangeLog log = found.log().newest().isEmpty()
                    ? found.log()
                    : ChangeLog.startOver(machine.disk(), logPath(), limits);
            return Optional.of(begin(history(log, ledger, machine.entropy().nextLong(), Instant.EPOCH)));
        }
        Proof proof = found.proof().get();
        if (ledger.databaseChecksum() == proof.databaseChecksum()) {
            LOG.info("{}: ledger rebuilt by a scan; the database is as at TXID {}", spec.path(), txid);
            return Optional.of(begin(history(found.log(), ledger, proof.lineage(), timeOf(found))));
        }
        ledger.close();
        return Optional.empty();
    }

    /** What a replica that did not answer has above the newest TXID, nobody knows. Where the log goes on, nothing begins. */
    private LocalHistory begin(LocalHistory history) throws IOException {
        if (history.log().newest().isEmpty()) {
            unmet.begin(history.txid(), history.proof(), silent);
        }
        return history;
    }

    private static Instant timeOf(Found.Ledgerless found) {
        return found.log().newest().map(LogFile::time).orElse(Instant.EPOCH);
    }

    /**
     * Makes the ledger from what the replica holds; what differs in the database is then an ordinary change set. Without a
     * replica that can be read back, the log starts anew above all TXIDs and a baseline follows.
     */
    Optional<LocalHistory> readBack(Found.Ledgerless found) throws IOException {
        if (found.replica().isEmpty()) {
            return Optional.empty();
        }
        try {
            RestorePlan plan = found.replica().get().replica().plan(new RestoreTarget.Latest());
            if (!plan.reached().equals(found.newest())) {
                return Optional.empty();
            }
            LOG.info("{}: reading TXID {} back from the replica to see what differs", spec.path(), plan.reached());
            Ledger ledger = LedgerFromReplica.read(
                    found.replica().get().replica(), plan.reached(), machine.disk(), ledgerPath());
            long lineage = found.proof().map(Proof::lineage).orElseGet(machine.entropy()::nextLong);
            return Optional.of(begin(history(found.log(), ledger, lineage, plan.time())));
        } catch (ReplicaException e) {
            LOG.warn("{}: the replica cannot be read back: {}", spec.path(), e.getMessage());
            return Optional.empty();
        }
    }

    /** What is known of a database that this history cannot describe: that its TXIDs are taken. */
    Found.Ledgerless startOver(LocalHistory known) throws IOException {
        Txid newest = known.txid();
        known.close();
        return new Found.Ledgerless(
                ChangeLog.startOver(machine.disk(), logPath(), limits), newest, Optional.empty(), Optional.empty());
    }

    /** Forgets what cannot be continued: the log starts anew above every TXID there is. */
    Found.Ledgerless startOver(Found.Ledgerless found) throws IOException {
        return new Found.Ledgerless(
                ChangeLog.startOver(machine.disk(), logPath(), limits),
                found.newest(),
                Optional.empty(),
                Optional.empty());
    }
}
