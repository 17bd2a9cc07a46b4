package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerException;
import dev.runnel.ledger.PageChecksumTable;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Position;
import dev.runnel.replica.RestorePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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

    /** The same where nothing is known locally, so that one answer at least is needed. Then it is tried again. */
    private static final Duration PATIENCE_WITHOUT_HISTORY = Duration.ofSeconds(15);

    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final LogLimits limits;
    private final PendingReplicas pending;
    private final Waiter waiter;

    /** Waits until replicas have responded, for a limited time. A simulation has them step meanwhile. */
    @FunctionalInterface
    interface Waiter {
        void await(CompletableFuture<?> answers, Duration limit) throws InterruptedException;
    }

    /** What is known before the database itself was read. */
    sealed interface Found {
        /** The local history is whole. */
        record Whole(LocalHistory history) implements Found {}

        /**
         * The ledger is to be rebuilt. Nothing local is removed before that is done.
         *
         * @param log may be empty, or end below the newest TXID; then another one takes its place
         * @param newest the newest TXID that any location has
         * @param proof of that TXID, if there is one
         * @param replica whole up to that TXID, if there is one
         * @param known the history that continues above the newest TXID with other pages, if one does
         */
        record Ledgerless(
                ChangeLog log,
                Txid newest,
                Optional<Proof> proof,
                Optional<ReplicaActor> replica,
                Optional<Proof> known)
                implements Found {
            Ledgerless(ChangeLog log, Txid newest, Optional<Proof> proof, Optional<ReplicaActor> replica) {
                this(log, newest, proof, replica, Optional.empty());
            }

            boolean isNew() {
                return proof.isEmpty() && replica.isEmpty();
            }
        }
    }

    HistoryOpening(DatabaseSpec spec, EngineResources resources, LogLimits limits) {
        this(spec, resources, limits, HistoryOpening::awaitUntilSilent);
    }

    /** @param waiter waits for replicas */
    HistoryOpening(DatabaseSpec spec, EngineResources resources, LogLimits limits, Waiter waiter) {
        this.waiter = waiter;
        this.spec = spec;
        this.resources = resources;
        this.limits = limits;
        this.pending = new PendingReplicas(resources.disk(), spec.metaFolder());
    }

    PendingReplicas pending() {
        return pending;
    }

    private Path logPath() {
        return DatabaseSpec.logFolder(spec.metaFolder());
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
                        "{}: a replica has TXID {}, the local change log ends at {}: history continues from the replica",
                        spec.path(),
                        highest,
                        local);
            }
            Txid newest = highest;
            return new Found.Ledgerless(
                    log,
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
        waiter.await(CompletableFuture.allOf(all), PATIENCE);
        if (local.isNone() && all.length > 0 && hasNone(asked.values())) {
            waiter.await(CompletableFuture.anyOf(all), PATIENCE_WITHOUT_HISTORY);
            if (hasNone(asked.values())) {
                throw new NoReplicaException(spec.path(), PATIENCE_WITHOUT_HISTORY);
            }
        }
        Map<ReplicaActor, Position> answers = new LinkedHashMap<>();
        for (Map.Entry<ReplicaActor, CompletableFuture<Position>> each : asked.entrySet()) {
            if (each.getValue().state() == Future.State.SUCCESS) {
                Position found = Futures.result(each.getValue());
                each.getKey().known(found);
                answers.put(each.getKey(), found);
            } else {
                LOG.warn(
                        "{}: {} does not respond; starting without it",
                        spec.path(),
                        each.getKey().name());
            }
        }
        return answers;
    }

    private static boolean hasNone(Collection<CompletableFuture<Position>> asked) {
        return asked.stream().noneMatch(answer -> answer.state() == Future.State.SUCCESS);
    }

    private static void awaitUntilSilent(CompletableFuture<?> answers, Duration limit) throws InterruptedException {
        try {
            answers.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            LOG.debug("not every replica responds: {}", e.toString());
        }
    }

    private ChangeLog openLog() throws IOException {
        try {
            return ChangeLog.open(resources.disk(), logPath(), limits);
        } catch (LogException.Damaged e) {
            LOG.warn("{}: {}. Runnel compares the database with the replica instead.", spec.path(), e.getMessage());
            return ChangeLog.startOver(resources.disk(), logPath(), limits);
        }
    }

    private Found withLedger(ChangeLog log, Optional<ReplicaActor> replica) throws IOException {
        LogFile newest = log.newest().orElseThrow();
        try {
            Ledger ledger = Ledger.recover(resources.disk(), ledgerPath(), log);
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
                log, ledger, lineage, time, resources.disk(), spec.metaFolder().resolve("position"), resources.clock());
    }

    /**
     * The TXID that the ledger of a scan is made for: the newest one, to be compared with its proof, or the next one if there
     * is nothing to compare it with.
     */
    static Txid scannedTxid(Found.Ledgerless found) {
        return found.isNew() ? found.newest().next() : found.newest();
    }

    Path ledgerPath() {
        return DatabaseSpec.ledgerFile(spec.metaFolder());
    }

    /**
     * Takes the ledger that a scan has made of the database: if it gives the state that is proved of the newest TXID, or if
     * there is nothing to compare it with. Otherwise the ledger is closed.
     */
    Scan scanned(Found.Ledgerless found, Ledger ledger) throws IOException {
        if (found.isNew()) {
            boolean isAdoption = found.known().isEmpty() && !found.newest().isNone();
            LocalHistory begun =
                    history(emptyLog(found.log()), ledger, resources.entropy().nextLong(), Instant.EPOCH);
            return new Scan(Optional.of(begin(begun, found, isAdoption)), ledger.databaseChecksum());
        }
        long checksum = ledger.databaseChecksum();
        Optional<Proof> proof = found.proof().filter(known -> known.databaseChecksum() == checksum);
        if (proof.isPresent()) {
            LOG.info("{}: ledger rebuilt by a scan; the database is as at TXID {}", spec.path(), ledger.txid());
            LocalHistory same = history(continued(found), ledger, proof.get().lineage(), timeOf(found));
            return new Scan(Optional.of(begin(same, found, false)), checksum);
        }
        ledger.close();
        return new Scan(Optional.empty(), checksum);
    }

    /**
     * What a scan of the database gives.
     *
     * @param history empty if the database is not in the newest state; then that is to be read back from the replica
     * @param checksum of the database
     */
    record Scan(Optional<LocalHistory> history, long checksum) {}

    /** The log that the newest TXID belongs to; one that ends before it is of no use any more. */
    private ChangeLog continued(Found.Ledgerless found) throws IOException {
        boolean isItsEnd = found.log()
                .newest()
                .filter(newest -> newest.txid().equals(found.newest()))
                .isPresent();
        return isItsEnd ? found.log() : emptyLog(found.log());
    }

    private static ChangeLog emptyLog(ChangeLog log) throws IOException {
        return log.newest().isEmpty() ? log : log.startOver();
    }

    /**
     * Records how a history begins, before anything of it is durable. Where the log continues, nothing begins.
     *
     * @param isAdoption whether the database does not match the newest state that the replicas have
     */
    private LocalHistory begin(LocalHistory history, Found.Ledgerless found, boolean isAdoption) throws IOException {
        if (history.log().newest().isPresent()) {
            return history;
        }
        if (found.known().isPresent()) {
            history.log().continueFrom(history.txid(), history.proof());
            return history;
        }
        List<String> replicas =
                spec.replicas().stream().map(DatabaseSpec.ReplicaSpec::name).toList();
        Optional<String> source = found.replica()
                .filter(_ -> history.txid().equals(found.newest()))
                .map(ReplicaActor::name);
        if (!found.newest().isNone()) {
            pending.begin(new PendingReplicas.Beginning(history.txid(), history.proof(), isAdoption, source), replicas);
        }
        history.log().begin(history.txid(), history.proof());
        return history;
    }

    private static Instant timeOf(Found.Ledgerless found) {
        return found.log().newest().map(LogFile::time).orElse(Instant.EPOCH);
    }

    /** Begins to make the ledger of what was read back from a replica. */
    PageChecksumTable.Copy copyToLedger(ReplicaReadBack.Result read) throws IOException {
        return read.table().toLedger(resources.disk(), ledgerPath(), read.plan().reached());
    }

    /**
     * Takes the ledger of what was read back; what differs in the database is then an ordinary change set.
     *
     * @param databaseChecksum of the database, as the scan found it
     */
    LocalHistory readBack(Found.Ledgerless found, RestorePlan plan, Ledger ledger, long databaseChecksum)
            throws IOException {
        long lineage = found.proof().map(Proof::lineage).orElseGet(resources.entropy()::nextLong);
        boolean isAdoption = ledger.databaseChecksum() != databaseChecksum;
        return begin(history(continued(found), ledger, lineage, plan.time()), found, isAdoption);
    }

    /** What is known of a database that this history cannot describe: its TXIDs are taken, and what they proved. */
    Found.Ledgerless startOver(LocalHistory known) throws IOException {
        Txid newest = known.txid();
        Proof proof = known.proof();
        known.close();
        return new Found.Ledgerless(known.log(), newest, Optional.empty(), Optional.empty(), Optional.of(proof));
    }

    /** Gives up what cannot be continued: history begins above every TXID there is. */
    Found.Ledgerless startOver(Found.Ledgerless found) {
        return new Found.Ledgerless(found.log(), found.newest(), Optional.empty(), Optional.empty());
    }
}
