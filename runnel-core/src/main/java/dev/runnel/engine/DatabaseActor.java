package dev.runnel.engine;

import dev.runnel.capture.AttachRules;
import dev.runnel.capture.LocalHistory;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.FaultText;
import dev.runnel.platform.RunnelException;
import dev.runnel.platform.Signal;
import dev.runnel.replica.SelectedImage;
import dev.runnel.sqlite.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one database for as long as the engine runs: waits until it may be attached, attaches, follows, lets go, and
 * again. Its blocking loop runs on a virtual thread; everything that touches SQLite or files runs on the disk lane.
 */
final class DatabaseActor implements Runnable, ReplicaSource {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseActor.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** How long a request of a replica waits for a step of this actor. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PARKED_LOOK = Duration.ofMinutes(1);

    /** After following for so long, the database is no longer failing. */
    private static final long STEADY = Duration.ofSeconds(10).toNanos();

    private final DatabaseSpec spec;
    private final EngineResources resources;
    private final List<ReplicaActor> replicas = new ArrayList<>();
    private final Signal signal = new Signal();
    private final Requests<Following> requests = new Requests<>(signal);
    private final TxidRequests txids = new TxidRequests(signal);
    private final HealthLog health;
    private final HistoryOpening opening;
    private final Attaching attaching;
    private final Attachment attachment;
    private final DiskWork disk;
    private final Pauses pauses;
    private final LogKeeping keeping;
    private final MetaFolder meta;
    private final DatabaseEvents events;
    private final ActivityMeter activity;
    private volatile Optional<LocalHistory> history = Optional.empty();

    /** Of the newest history, also while that is being opened again; it can still be read. */
    private volatile Optional<ChangeLog> log = Optional.empty();

    /** The newest TXID when it was attached last; there may be no change set of it here. */
    private volatile Txid attachedAt = Txid.NONE;

    private volatile boolean stopping;
    private volatile boolean capturesTheRest = true;

    /** The last capture of a run has begun and is not finished. */
    private volatile boolean unfinished;

    private volatile boolean reopening;

    DatabaseActor(DatabaseSpec spec, EngineResources resources) {
        this.spec = spec;
        this.resources = resources;
        this.health = HealthLog.of(spec.path(), resources.listener());
        this.opening = new HistoryOpening(spec, resources, new LogLimits(2 * spec.logLimit()));
        this.attaching = new Attaching(spec, resources, opening, this::changeSetClosed);
        this.pauses = new Pauses(resources.clock());
        this.activity = new ActivityMeter(resources.clock());
        this.disk = new DiskWork(resources.threads().disk(), health, spec.path().toString());
        this.attachment =
                new Attachment(spec, resources, opening, attaching, disk, health, () -> stopping || reopening);
        this.keeping = new LogKeeping(spec, resources);
        this.events = new DatabaseEvents(spec.path(), resources.events(), resources.clock(), signal);
        this.meta = new MetaFolder(resources.disk(), spec);
        for (DatabaseSpec.ReplicaSpec replica : spec.replicas()) {
            replicas.add(new ReplicaActor(spec, replica, resources));
        }
    }

    List<ReplicaActor> replicas() {
        return replicas;
    }

    DatabaseSpec spec() {
        return spec;
    }

    Health health() {
        return health.now();
    }

    /** The newest TXID, or NONE if nothing is known yet. */
    Txid newestOrNone() {
        return log.isPresent() ? newest() : Txid.NONE;
    }

    /** What was done so far. */
    Activity activity() {
        return activity.total();
    }

    /**
     * The time of the oldest change set that a replica does not have; empty if it has everything that is in the change log.
     *
     * @throws IOException if that cannot be read
     */
    Optional<Instant> oldestAfter(Txid shipped) throws IOException {
        Optional<ChangeLog> known = log;
        return known.isEmpty()
                ? Optional.empty()
                : known.get().after(shipped, 1).stream().findFirst().map(LogFile::time);
    }

    /** Whether the last capture of the run failed. */
    boolean isUnfinished() {
        return unfinished;
    }

    /** What others want to have captured. */
    TxidRequests txids() {
        return txids;
    }

    /** Captures the rest, closes, and ends. */
    void stop() {
        stopping = true;
        signal.raise();
    }

    /** Closes, and ends. What is committed and not captured yet is for the next start. */
    void stopAtOnce() {
        capturesTheRest = false;
        stop();
    }

    /** However this ends, the health says so, and waiting threads are notified. */
    @Override
    public void run() {
        LogFields.begin(spec.path());
        try {
            events.on();
            while (!stopping && !(health.now() instanceof Health.Stopped)) {
                cycle();
            }
            closeHistory();
            meta.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            health.set(new Health.Stopped(
                    "Runnel ended before the last step on " + spec.path() + " was finished",
                    "Start Runnel again; it continues from what is durable."));
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("{}: is no longer followed", spec.path(), e);
            health.set(new Health.Stopped(FaultText.of(e), "Fix the cause, then restart Runnel."));
        } finally {
            IOException ended = new IOException(spec.path() + " is no longer followed");
            requests.refuseAll(ended);
            txids.refuseAll(ended);
            events.off();
        }
    }

    /** Whether the database exists, and our folder is there and no other process holds it. */
    private boolean isOurs() throws IOException, InterruptedException {
        Optional<Health> obstacle = disk.run("taking the lock of the meta folder", meta::hold);
        obstacle.ifPresent(health::set);
        if (obstacle.isPresent() && obstacle.get() instanceof Health.Waiting) {
            txids.answerFlushes(newestOrNone());
            signal.await(LOOK_AGAIN);
        }
        return obstacle.isEmpty();
    }

    /** From making sure of our folder, and waiting for the database, to letting go of it. */
    private void cycle() throws InterruptedException {
        try {
            if (!isOurs() || !waitUntilAttachable()) {
                return;
            }
            Optional<Following> following = attach();
            if (following.isPresent()) {
                follow(following.get());
                pauses.reset();
            }
        } catch (SourceException.Discontinuity e) {
            attaching.doubt(history);
            if (pauses.isLongest()) {
                degraded(e.reason(), e.nextStep());
            } else {
                LOG.info("{}: {}. {}", spec.path(), e.getMessage(), e.nextStep());
                pauses.await(signal, () -> stopping);
            }
        } catch (SourceException.HotJournal e) {
            health.set(new Health.Waiting(e.reason(), e.nextStep()));
            signal.await(LOOK_AGAIN);
        } catch (SourceException e) {
            degraded(e.reason(), e.nextStep());
        } catch (RunnelException e) {
            // A ledger that was interrupted is good for nothing until it is recovered from its file and the log.
            closeHistoryQuietly();
            degraded(e.reason(), e.nextStep());
        } catch (IOException e) {
            closeHistoryQuietly();
            degraded(FaultText.of(e), "Runnel tries again by itself.");
        } catch (RuntimeException | Error e) {
            // Something that cannot be has happened to this database. Its state in memory is not to be trusted; what is
            // durable is, and the others go on.
            LOG.error("{}: internal error", spec.path(), e);
            closeHistoryQuietly();
            degraded(e.toString(), "Please report this with the log.");
        }
    }

    private void degraded(String reason, String nextStep) throws InterruptedException {
        activity.failed();
        health.set(new Health.Degraded(reason, nextStep));
        pauses.await(signal, () -> stopping);
    }

    /** Returns false when it is time to stop. */
    private boolean waitUntilAttachable() throws IOException, InterruptedException {
        while (!stopping) {
            TxidRequests.Asked asked = txids.asked();
            if (!isAttachNeeded()) {
                txids.answer(asked, newestOrNone());
                events.on();
                signal.await(events.await(PARKED_LOOK));
                continue;
            }
            Optional<AttachRules.Obstacle> obstacle = disk.run(
                    "checking the database", () -> AttachRules.check(spec.path(), meta.lockFile(), spec.fileSystems()));
            if (obstacle.isEmpty()) {
                return true;
            }
            health.set(
                    new Health.Waiting(obstacle.get().reason(), obstacle.get().nextStep()));
            requests.failAll(new UnavailableException(obstacle.get()));
            txids.answerFlushes(newestOrNone());
            signal.await(LOOK_AGAIN);
        }
        return false;
    }

    /** A database that is just as Runnel left it, and that no process has open, stays detached. */
    private boolean isAttachNeeded() throws IOException, InterruptedException {
        Optional<LocalHistory> known = history;
        if (known.isEmpty() || !requests.isEmpty() || reopening) {
            return true;
        }
        return disk.run("checking the database", () -> {
            keeping.look(known.get(), replicas);
            return !new DetachedDatabase(spec.path(), resources.disk()).isAsLeft(known.get());
        });
    }

    /** Empty if it is time to end. */
    private Optional<Following> attach() throws IOException, InterruptedException {
        events.renew();
        if (reopening) {
            reopening = false;
            closeHistoryQuietly();
        }
        HistoryOpening.Found found = history.isPresent() ? new HistoryOpening.Found.Whole(history.get()) : look();
        Optional<Following> attached = attachment.attach(found);
        if (attached.isPresent()) {
            LocalHistory followed = attached.get().history();
            boolean isOpened = history.filter(known -> known == followed).isEmpty();
            history = Optional.of(followed);
            log = Optional.of(followed.log());
            attachedAt = followed.txid();
            replicas.forEach(replica -> replica.begin(this, isOpened));
        }
        return attached;
    }

    /** Replicas that have begun may be waiting for an image of this database, and would not respond. */
    private HistoryOpening.Found look() throws IOException, InterruptedException {
        if (log.isPresent()) {
            requests.refuseAll(new IOException(spec.path() + ": its history is being opened again"));
        }
        try {
            return opening.look(replicas);
        } finally {
            requests.accept();
        }
    }

    private void follow(Following following) throws IOException, InterruptedException {
        Following.Outcome outcome = new Following.Outcome.Again(0);
        long begun = resources.clock().ticks();
        try {
            while (!stopping && !reopening && outcome instanceof Following.Outcome.Again(long nanos)) {
                signal.await(events.await(Duration.ofNanos(nanos)));
                outcome = disk.run("capturing", () -> activity.during(() -> step(following)));
                if (resources.clock().ticks() - begun >= STEADY) {
                    pauses.reset();
                }
            }
            if (stopping && capturesTheRest) {
                unfinished = true;
                unfinished = !LastCapture.run(following, disk, resources.clock());
            }
        } finally {
            disk.run("closing the database", () -> {
                following.close();
                return true;
            });
        }
        if (outcome instanceof Following.Outcome.Replaced) {
            LOG.info("{}: the file, its -wal or its -shm was replaced or removed; comparing pages", spec.path());
            attaching.doubt(history);
        }
    }

    private Following.Outcome step(Following following) throws IOException {
        if (events.take()) {
            following.event();
        }
        boolean asked = requests.runAll(following);
        boolean flushing = txids.serve(following);
        Following.Outcome outcome = following.step();
        events.wanted(!following.isBusy());
        health.set(keeping.health(following.health()));
        keeping.look(following.history(), replicas);
        return (asked || flushing) && outcome instanceof Following.Outcome.Again
                ? new Following.Outcome.Again(0)
                : outcome;
    }

    private void changeSetClosed(LogFile changeSet) {
        activity.closed(changeSet.size());
        replicas.forEach(ReplicaActor::changed);
    }

    private void closeHistory() throws IOException, InterruptedException {
        Optional<LocalHistory> known = history;
        if (known.isPresent()) {
            disk.run("closing the ledger", () -> keeping.close(known.get()));
        }
    }

    /** After an error of the disk the ledger is recovered from its file and the log. */
    private void closeHistoryQuietly() throws InterruptedException {
        try {
            closeHistory();
        } catch (IOException e) {
            LOG.debug("{}: closing the ledger: {}", spec.path(), e.toString());
        }
        history = Optional.empty();
    }

    @Override
    public ChangeLog log() {
        return log.orElseThrow();
    }

    @Override
    public Txid newest() {
        return log().newest().map(LogFile::txid).orElse(attachedAt);
    }

    @Override
    public AgeRecord ages() {
        return keeping.ages();
    }

    @Override
    public SelectedImage image(String failureDomain, Txid after) throws IOException, InterruptedException {
        return LiveImage.begin(requests, spec.path().toString(), resources, failureDomain, after);
    }

    @Override
    public PendingReplicas pending() {
        return opening.pending();
    }

    @Override
    public void rise(Txid above) throws IOException, InterruptedException {
        var _ = requests.submit(following -> rise(following, above))
                .await(PATIENCE, spec.path().toString());
    }

    private static Optional<Boolean> rise(Following following, Txid above) throws IOException {
        if (!following.isWhole() || !following.flushAbove(above)) {
            return Optional.empty();
        }
        following.history().rise(above);
        return Optional.of(true);
    }

    @Override
    public void reopen() {
        reopening = true;
        signal.raise();
    }
}
