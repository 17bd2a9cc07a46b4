package dev.runnel.engine;

import dev.runnel.capture.ImageOutdated;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.platform.RunnelException;
import dev.runnel.platform.Signal;
import dev.runnel.replica.Bridge;
import dev.runnel.replica.Changes;
import dev.runnel.replica.Position;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one replica of one database whole: ships change sets in order, looks at what is there, and brings it up where
 * something is missing, by the least that does: change sets of the log again, else one file with the pages that differ,
 * else a baseline.
 */
final class ReplicaActor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaActor.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /** Who is about to end has not long to wait for a place that comes back. */
    private static final Duration LONGEST_AT_THE_END = Duration.ofSeconds(2);

    private final DatabaseSpec.ReplicaSpec spec;
    private final DatabaseSpec database;
    private final Clock clock;
    private final Signal signal = new Signal();
    private final CompletableFuture<ReplicaSource> source = new CompletableFuture<>();
    private final Queue<CompletableFuture<Position>> asked = new ConcurrentLinkedQueue<>();
    private final HealthLog health;
    private final ReplicaWatch watch;
    private final WorkRoom work;
    private final HistoryUpkeep upkeep;
    private volatile Optional<Position> position = Optional.empty();
    private volatile Txid shipped = Txid.NONE;
    private volatile Optional<Txid> goal = Optional.empty();

    private final FirstMeeting meeting;
    private FirstMeeting.Verdict verdict = FirstMeeting.Verdict.OURS;

    /** What was there when our history was opened; whatever is above that, and above the newest TXID, is not ours. */
    private volatile Optional<Txid> knownBefore = Optional.empty();

    private boolean isJudged;
    private long checkedAt;

    /** What was shipped since is looked at soon; nothing else is, while nothing changes. */
    private boolean shippedSinceCheck;

    private volatile boolean checkWanted;
    private Duration retry = FIRST_RETRY;
    private long notBefore;

    ReplicaActor(DatabaseSpec database, DatabaseSpec.ReplicaSpec spec, Machine machine) {
        this.database = database;
        this.spec = spec;
        this.clock = machine.clock();
        this.notBefore = clock.ticks();
        this.watch = new ReplicaWatch(machine.events(), clock, this::look);
        this.meeting = new FirstMeeting(database.path(), spec, clock);
        String subject = database.path() + " at " + spec.name();
        this.health = new HealthLog(subject);
        int number = database.replicas().indexOf(spec);
        this.work = new WorkRoom(machine.disk(), database.metaFolder().resolve("work-" + number));
        this.upkeep = new HistoryUpkeep(spec, subject, machine, signal::raise);
    }

    /** What is at the replica, as soon as it can be looked at. */
    CompletableFuture<Position> askPosition() {
        CompletableFuture<Position> answer = new CompletableFuture<>();
        asked.add(answer);
        look();
        return answer;
    }

    /** What it answered was taken into account when our history was opened. */
    void known(Position found) {
        knownBefore = Optional.of(found.highest());
    }

    Replica replica() {
        return spec.replica();
    }

    /** The local history is known: shipping may begin. */
    void begin(ReplicaSource from) {
        source.complete(from);
        signal.raise();
    }

    /** There is a new change set. */
    void changed() {
        signal.raise();
    }

    /** Something may have happened at the replica. */
    void look() {
        checkWanted = true;
        signal.raise();
    }

    /** The newest TXID up to which the replica is known to be whole. */
    Txid shipped() {
        return shipped;
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

    /** Ends it as soon as the replica has a TXID. */
    void finish(Txid txid) {
        goal = Optional.of(txid);
        signal.raise();
    }

    /** Raised when there is something to do earlier than was known. */
    Signal signal() {
        return signal;
    }

    private boolean isFinished() {
        return health.now() instanceof Health.Stopped
                || (goal.isPresent() && ((shipped.compareTo(goal.get()) >= 0 && upkeep.isDone()) || !source.isDone()));
    }

    @Override
    public void run() {
        try {
            for (Duration wait = Duration.ZERO; !isFinished(); wait = step()) {
                signal.await(wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            answer(future -> future.cancel(false));
            watch.close();
        }
    }

    /** Does what there is to do; says how long there will be nothing, unless {@link #signal} is raised. */
    Duration step() throws InterruptedException {
        if (isPausing()) {
            return Duration.ofNanos(notBefore - clock.ticks());
        }
        try {
            watch.ours(() -> {
                look(isCheckDue());
                if (source.isDone()) {
                    judgeWhatWasFoundBefore(source.join());
                    goOn(source.join());
                }
            });
            retry = FIRST_RETRY;
            if (verdict == FirstMeeting.Verdict.TO_BE_WATCHED) {
                return watching();
            }
            return source.isDone() ? maintain(source.join()) : untilNextCheck();
        } catch (ReplicaException.Foreign e) {
            health.set(new Health.Stopped(e.reason(), e.nextStep()));
            return spec.looks().idle();
        } catch (LogException.Trimmed e) {
            LOG.debug("{}", e.getMessage());
            return Duration.ZERO;
        } catch (ImageOutdated e) {
            LOG.info("{}. {}", e.reason(), e.nextStep());
            return Duration.ZERO;
        } catch (RunnelException e) {
            return failed(e.reason(), e.nextStep());
        } catch (IOException e) {
            return failed(e.toString(), "Runnel tries again by itself.");
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("{}: internal error at {}", database.path(), spec.name(), e);
            return failed(e.toString(), "Please report this with the log.");
        }
    }

    private Duration watching() {
        health.set(new Health.Degraded(
                "what " + spec.name() + " holds is not the history of this database's local files",
                "It stays. If nobody writes there, history goes on above it in a moment."));
        Duration wait = spec.looks().inTrouble();
        notBefore = clock.ticks() + wait.toNanos();
        return wait;
    }

    private Duration maintain(ReplicaSource from) throws InterruptedException {
        upkeep.step(from, new LogChanges(from, work));
        health.set(upkeep.trouble().orElse(new Health.Healthy()));
        if (upkeep.takeLookWanted()) {
            look();
        }
        Duration check = untilNextCheck();
        return shorter(check, upkeep.untilDue());
    }

    private Duration failed(String reason, String nextStep) {
        health.set(new Health.Degraded(reason, nextStep));
        position = Optional.empty();
        Duration wait = shorter(retry, goal.isEmpty() ? spec.looks().inTrouble() : LONGEST_AT_THE_END);
        notBefore = clock.ticks() + wait.toNanos();
        retry = wait.multipliedBy(2);
        return wait;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * After a failure a look comes first, which is paid for. Change sets that come meanwhile do not hasten it; somebody who
     * asks, or is about to end, does.
     */
    private boolean isPausing() {
        return !checkWanted && goal.isEmpty() && notBefore - clock.ticks() > 0;
    }

    private boolean isCheckDue() {
        boolean wanted = checkWanted;
        checkWanted = false;
        return wanted
                || position.isEmpty()
                || clock.ticks() - checkedAt >= untilIdleCheck().toNanos();
    }

    private Duration untilIdleCheck() {
        return shippedSinceCheck ? spec.looks().changing() : spec.looks().idle();
    }

    private Duration untilNextCheck() {
        return Duration.ofNanos(Math.max(0, untilIdleCheck().toNanos() - (clock.ticks() - checkedAt)));
    }

    private void look(boolean due) throws IOException {
        if (!due) {
            return;
        }
        Position found = spec.replica().position();
        checkedAt = clock.ticks();
        shippedSinceCheck = false;
        upkeep.changed();
        if (source.isDone()) {
            judge(source.join(), found);
        }
        answer(future -> future.complete(found));
        spec.folders().forEach(watch::cover);
        if (verdict == FirstMeeting.Verdict.TO_BE_WATCHED) {
            return;
        }
        if (found.whole().compareTo(shipped) < 0) {
            LOG.warn(
                    "{}: history at {} is whole only up to TXID {}, not {}: something was lost there and is put again",
                    database.path(),
                    spec.name(),
                    found.whole(),
                    shipped);
        }
        setPosition(found);
    }

    /** The replica may have been looked at before the local history was known. */
    private void judgeWhatWasFoundBefore(ReplicaSource from) throws IOException {
        if (!isJudged) {
            judge(from, position.orElseThrow());
        }
    }

    private void judge(ReplicaSource from, Position found) throws IOException {
        verdict = meeting.judge(from, found, knownBefore.isPresent());
        if (verdict == FirstMeeting.Verdict.OURS) {
            checkOurs(from, found);
        } else if (verdict == FirstMeeting.Verdict.TO_BE_WATCHED) {
            position = Optional.empty();
        }
        knownBefore = Optional.of(knownBefore.orElse(found.highest()));
        isJudged = true;
    }

    /** What we have not written, nobody else may have: two writers on one replica would each spoil it for the other. */
    private void checkOurs(ReplicaSource from, Position found) throws ReplicaException.Foreign {
        boolean isAhead =
                found.highest().isAfter(from.newest()) && found.highest().isAfter(knownBefore.orElse(Txid.NONE));
        Optional<Proof> ours = from.log().find(found.whole()).map(LogFile::proof);
        boolean differs = ours.isPresent() && found.proof().isPresent() && !ours.equals(found.proof());
        if (isAhead || differs) {
            throw new ReplicaException.Foreign(spec.name(), "TXID " + (isAhead ? found.highest() : found.whole()));
        }
    }

    private void answer(Consumer<CompletableFuture<Position>> with) {
        for (CompletableFuture<Position> next = asked.poll(); next != null; next = asked.poll()) {
            with.accept(next);
        }
    }

    private void setPosition(Position found) {
        position = Optional.of(found);
        shipped = found.whole();
    }

    /** Ships what is to be shipped to a replica of which we think as we do. */
    private void goOn(ReplicaSource from) throws IOException, InterruptedException {
        if (verdict == FirstMeeting.Verdict.TO_BE_WATCHED) {
            return;
        }
        if (verdict == FirstMeeting.Verdict.ANOTHER) {
            Txid other = position.orElseThrow().highest();
            position = Optional.empty();
            shipped = Txid.NONE;
            meeting.goOnAbove(from, other);
            setPosition(spec.replica().position());
            verdict = FirstMeeting.Verdict.OURS;
        }
        bringUp(from);
    }

    /** Ships until the replica has the newest TXID. */
    private void bringUp(ReplicaSource from) throws IOException, InterruptedException {
        while (true) {
            Position at = position.orElseThrow();
            Optional<LogFile> next = from.log().find(at.whole().next());
            if (at.whole().compareTo(from.newest()) >= 0) {
                return;
            }
            shippedSinceCheck = true;
            if (!at.whole().isNone() && next.isPresent()) {
                append(from, at, next.get());
            } else {
                bridge(from);
            }
            if (!position.orElseThrow().whole().isAfter(at.whole())) {
                Txid missing = at.whole().next();
                throw new IOException(spec.name() + " does not list TXID " + missing + ", which was just put there");
            }
        }
    }

    private void append(ReplicaSource from, Position at, LogFile next) throws IOException, InterruptedException {
        try {
            spec.replica().append(new Changes(TxidRange.of(next.txid()), next.time(), next.ltx()));
        } catch (LogException.Damaged e) {
            LOG.warn("{}: {}. The pages are sent in another way.", database.path(), e.getMessage());
            bridge(from);
            return;
        }
        if (at.highest().isAfter(next.txid())) {
            // There was a hole, and what comes after it may be there already.
            setPosition(spec.replica().position());
            return;
        }
        upkeep.changed();
        setPosition(new Position(next.txid(), next.txid(), at.differenceFrom(), Optional.of(next.proof())));
    }

    /** The log does not have what the replica lacks. */
    private void bridge(ReplicaSource from) throws IOException, InterruptedException {
        upkeep.awaitQuiet();
        long begun = clock.ticks();
        Bridge bridge = spec.replica().bridge(after -> from.image(spec.place(), after), work);
        if (bridge.kind() != Bridge.Kind.NOTHING) {
            LOG.info(
                    "{}: {} of {} pages at TXID {} written to {} in {} ms",
                    database.path(),
                    bridge.kind() == Bridge.Kind.DIFFERENCE ? "difference" : "baseline",
                    bridge.pages(),
                    bridge.txid(),
                    spec.name(),
                    (clock.ticks() - begun) / 1_000_000);
        }
        setPosition(spec.replica().position());
    }
}
