package dev.runnel.engine;

import dev.runnel.capture.ImageOutdated;
import dev.runnel.engine.reconcile.Decision;
import dev.runnel.engine.reconcile.ReplicaState;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import dev.runnel.platform.Signal;
import dev.runnel.replica.Changes;
import dev.runnel.replica.GapFill;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one replica of one database complete: uploads change sets in order, lists what is there, and uploads the least that
 * fills a gap: change sets of the log again, else one file with the pages that differ, else a snapshot.
 */
final class ReplicaActor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaActor.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofMillis(200);

    /** Upper bound for retries during shutdown. */
    private static final Duration LONGEST_AT_THE_END = Duration.ofSeconds(2);

    private final DatabaseSpec.ReplicaSpec spec;
    private final DatabaseSpec database;
    private final Clock clock;
    private final Signal signal = new Signal();
    private final CompletableFuture<ReplicaSource> source = new CompletableFuture<>();
    private final PositionRequests asked = new PositionRequests();
    private final EngineListener listener;
    private final HealthLog health;
    private final ReplicaWatch watch;
    private final WorkRoom work;
    private final HistoryUpkeep upkeep;
    private volatile Optional<Position> position = Optional.empty();
    private volatile Txid shipped = Txid.NONE;
    private volatile Optional<Txid> goal = Optional.empty();
    private final ReplicaReconciler reconciler;

    /** The highest TXID that was there when the local history was opened. */
    private volatile Optional<Txid> atOpening = Optional.empty();
    /** The local history was opened since the replica was reconciled with it. */
    private volatile boolean historyOpened;
    /** What was found before the local history was known. */
    private Optional<Position> notReconciled = Optional.empty();

    private final ListingTimes listings;
    private final RetryPause pause;
    private volatile boolean isAbandoned;

    ReplicaActor(DatabaseSpec database, DatabaseSpec.ReplicaSpec spec, EngineResources resources) {
        this.database = database;
        this.spec = spec;
        this.clock = resources.clock();
        this.pause = new RetryPause(clock);
        this.watch = new ReplicaWatch(resources.events(), clock, this::look);
        this.reconciler = new ReplicaReconciler(database.path(), spec, clock);
        this.listings = new ListingTimes(spec, clock);
        this.listener = resources.listener();
        this.health = HealthLog.of(database.path(), spec.name(), listener);
        int number = database.replicas().indexOf(spec);
        this.work = new WorkRoom(resources.disk(), database.metaFolder().resolve("work-" + number));
        this.upkeep = new HistoryUpkeep(spec, database.path() + " at " + spec.name(), resources, signal::raise);
    }

    /** The position of the replica, as soon as it can be listed. */
    CompletableFuture<Position> askPosition() {
        CompletableFuture<Position> answer = asked.add();
        look();
        return answer;
    }

    /** The local history is opened in knowledge of what the replica answered. */
    void known(Position found) {
        atOpening = Optional.of(found.highest());
    }

    Replica replica() {
        return spec.replica();
    }

    /**
     * The database is attached: uploading may begin once the replica is reconciled with its history.
     *
     * @param isOpened whether the local history was opened for that, so that nothing was compared with it
     */
    void begin(ReplicaSource from, boolean isOpened) {
        historyOpened |= isOpened;
        boolean isFirst = source.complete(from);
        if (isOpened && !isFirst) {
            look();
        }
        signal.raise();
    }

    /** There is a new change set. */
    void changed() {
        signal.raise();
    }

    /** Something may have happened at the replica. */
    void look() {
        listings.want();
        signal.raise();
    }

    /** The newest TXID up to which the replica is known to be whole. What was known of a history before this one is not. */
    Txid shipped() {
        return historyOpened ? Txid.NONE : shipped;
    }

    /** Up to which TXID it does not need the change log any more. */
    Txid settled() {
        return upkeep.settled().isAfter(shipped) ? shipped : upkeep.settled();
    }

    Health health() {
        return health.now();
    }

    String name() {
        return spec.name();
    }

    /** Registers a listener for every decision about whose history this is, with the state before it. */
    void onDecision(BiConsumer<ReplicaState, Decision> told) {
        reconciler.onDecision(told);
    }

    /** The health for a thread that waits for this replica: watching another history is no reason to give up. */
    Health progress() {
        return reconciler.state() instanceof ReplicaState.Suspected ? HealthLog.STARTING : health.now();
    }

    /** Ends it as soon as the replica has a TXID. */
    void finish(Txid txid) {
        goal = Optional.of(txid);
        signal.raise();
    }

    /** The end does not wait for it any longer; what it is doing is about to be interrupted. */
    void abandon() {
        isAbandoned = true;
    }

    /** Raised when there is something to do earlier than was known. */
    Signal signal() {
        return signal;
    }

    private boolean isFinished() {
        return health.now() instanceof Health.Stopped
                || (goal.isPresent()
                        && ((isComplete() && !listings.hasUploaded() && upkeep.isDone()) || !source.isDone()));
    }

    private boolean isComplete() {
        return goal.isPresent() && shipped.compareTo(goal.get()) >= 0;
    }

    @Override
    public void run() {
        LogFields.begin(database.path(), spec.name());
        try {
            Duration wait = Duration.ZERO;
            while (!isFinished()) {
                wait = stepAfter(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            health.set(new Health.Stopped(
                    "Runnel ended before everything was at " + spec.name(),
                    "Start Runnel again; it uploads the rest."));
        } catch (RuntimeException | Error e) {
            LOG.error("{}: nothing is uploaded to {} any more", database.path(), spec.name(), e);
            health.set(new Health.Stopped(e.toString(), "Restart Runnel, and report this with the log."));
        } finally {
            asked.end();
            watch.close();
        }
    }

    private Duration stepAfter(Duration wait) throws InterruptedException {
        try {
            var _ = signal.await(wait);
            return step();
        } catch (InterruptedException e) {
            requireNotAbandoned();
            LOG.debug("{} at {}: interrupted; it continues", database.path(), spec.name());
            return AFTER_INTERRUPT;
        }
    }

    /** Does what there is to do; says how long there will be nothing, unless {@link #signal} is raised. */
    Duration step() throws InterruptedException {
        if (isPausing()) {
            return pause.left();
        }
        try {
            watch.ours(() -> {
                look(isCheckDue());
                if (source.isDone()) {
                    bringUp(source.join());
                }
            });
            pause.succeeded();
            if (!source.isDone()) {
                return listings.untilNext();
            }
            return position.isPresent() ? maintain(source.join()) : watching();
        } catch (ReplicaException.Foreign | ReplicaException.Locked e) {
            health.set(new Health.Stopped(e.reason(), e.nextStep()));
            return spec.intervals().idle();
        } catch (LogException.Trimmed e) {
            LOG.debug("{}", e.getMessage());
            return Duration.ZERO;
        } catch (ImageOutdated e) {
            LOG.info("{}. {}", e.reason(), e.nextStep());
            return Duration.ZERO;
        } catch (RunnelException e) {
            requireNotAbandoned();
            return failed(e.reason(), e.nextStep());
        } catch (IOException e) {
            requireNotAbandoned();
            return failed(FaultText.of(e), "Runnel tries again by itself.");
        } catch (RuntimeException | Error e) {
            requireNotAbandoned();
            LOG.error("{}: internal error at {}", database.path(), spec.name(), e);
            return failed(e.toString(), "Please report this with the log.");
        }
    }

    /** What was interrupted because Runnel ends has not failed. */
    private void requireNotAbandoned() throws InterruptedException {
        if (isAbandoned) {
            throw new InterruptedException();
        }
    }

    private Duration watching() {
        health.set(reconciler.watching());
        return pause.begin(spec.intervals().inTrouble());
    }

    private Duration maintain(ReplicaSource from) throws IOException, InterruptedException {
        if (upkeep.isAboutToStart() && !listings.isFresh()) {
            look(true);
            if (position.isEmpty()) {
                return watching();
            }
        }
        upkeep.step(from, new LogChanges(from, work));
        health.set(upkeep.trouble().orElse(new Health.Healthy()));
        if (upkeep.takeLookWanted()) {
            look();
        }
        if (isComplete() && listings.hasUploaded()) {
            // The request to end may have come before the upload, so nothing else wakes it for the last listing.
            return Duration.ZERO;
        }
        Duration listing = listings.untilNext();
        Duration due = upkeep.untilDue();
        return listing.compareTo(due) < 0 ? listing : due;
    }

    private Duration failed(String reason, String nextStep) {
        health.set(new Health.Degraded(reason, nextStep));
        position = Optional.empty();
        notReconciled = Optional.empty();
        return pause.failed(goal.isEmpty() ? spec.intervals().inTrouble() : LONGEST_AT_THE_END);
    }

    /**
     * After a failure a listing comes first, which may cost money. Change sets that come meanwhile do not shorten the
     * pause; a request and the end of the run do.
     */
    private boolean isPausing() {
        return !listings.isWanted() && goal.isEmpty() && pause.left().isPositive();
    }

    private boolean isCheckDue() {
        return listings.takeDue()
                || (isComplete() && listings.hasUploaded())
                || (position.isEmpty() && notReconciled.isEmpty());
    }

    private void look(boolean due) throws IOException, InterruptedException {
        if (due) {
            long before = clock.ticks();
            notReconciled = Optional.of(spec.replica().position());
            listings.listed(before);
            upkeep.changed();
            asked.answer(notReconciled.orElseThrow());
            spec.folders().forEach(watch::cover);
        }
        if (notReconciled.isPresent() && source.isDone()) {
            Position found = notReconciled.get();
            notReconciled = Optional.empty();
            reconcile(source.join(), found);
        }
    }

    private void reconcile(ReplicaSource from, Position found) throws IOException, InterruptedException {
        Txid before = shipped;
        if (historyOpened) {
            shipped = Txid.NONE;
            historyOpened = false;
            reconciler.historyOpened();
        }
        position = Optional.empty();
        Optional<Position> next = reconciler.reconcile(from, found, atOpening);
        if (atOpening.isEmpty() && next.isPresent()) {
            atOpening = Optional.of(found.highest());
        }
        if (next.isEmpty()) {
            return;
        }
        if (next.get().whole().compareTo(before) < 0) {
            LOG.warn(
                    "{}: history at {} is complete only up to TXID {}, not {}: objects were lost there and are uploaded again",
                    database.path(),
                    spec.name(),
                    next.get().whole(),
                    before);
        }
        setPosition(next.get());
    }

    private void setPosition(Position found) {
        position = Optional.of(found);
        boolean isNews = !found.whole().equals(shipped);
        shipped = found.whole();
        reconciler.completeUpTo(shipped);
        if (isNews) {
            listener.shipped(database.path(), spec.name(), shipped, source.isDone() && !isBehind(source.join()));
        }
    }

    /** Uploads until the replica has the newest TXID, unless its history is still being reconciled. */
    private void bringUp(ReplicaSource from) throws IOException, InterruptedException {
        while (isBehind(from)) {
            if (!listings.isFresh()) {
                look(true);
                if (!isBehind(from)) {
                    return;
                }
            }
            Position at = position.orElseThrow();
            Optional<LogFile> next = from.log().find(at.whole().next());
            listings.uploading();
            if (!at.whole().isNone() && next.isPresent()) {
                append(from, at, next.get());
            } else {
                fillGap(from);
            }
            if (position.filter(after -> !after.whole().isAfter(at.whole())).isPresent()) {
                Txid missing = at.whole().next();
                throw new IOException(spec.name() + " does not list TXID " + missing + ", which was just uploaded");
            }
        }
    }

    private boolean isBehind(ReplicaSource from) {
        return position.filter(at -> at.whole().compareTo(from.newest()) < 0).isPresent();
    }

    private void append(ReplicaSource from, Position at, LogFile next) throws IOException, InterruptedException {
        long before = clock.ticks();
        try {
            spec.replica().append(Changes.of(next.txid(), next.time(), next.proof(), next.ltx()));
        } catch (LogException.Damaged e) {
            LOG.warn("{}: {}. The pages are uploaded from the database instead.", database.path(), e.getMessage());
            fillGap(from);
            return;
        }
        if (at.highest().isAfter(next.txid())) {
            // There was a hole, and what comes after it may be there already.
            look(true);
            return;
        }
        listings.confirmed(before);
        upkeep.changed();
        setPosition(new Position(next.txid(), next.txid(), at.differenceFrom(), Optional.of(next.proof())));
    }

    /** The log does not have what the replica lacks. */
    private void fillGap(ReplicaSource from) throws IOException, InterruptedException {
        upkeep.awaitQuiet();
        long begun = clock.ticks();
        GapFill fill = spec.replica().fillGap(after -> from.image(spec.failureDomain(), after), work);
        if (fill.kind() != GapFill.Kind.NOTHING) {
            long ms = (clock.ticks() - begun) / 1_000_000;
            LOG.info("{}: {} written to {} in {} ms", database.path(), fill.description(), spec.name(), ms);
        }
        look(true);
    }
}
