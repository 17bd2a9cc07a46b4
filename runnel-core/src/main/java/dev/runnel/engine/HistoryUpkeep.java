package dev.runnel.engine;

import dev.runnel.engine.DatabaseSpec.Duty;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Threads;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.MaintenanceTask;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.Upkeep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the history at one replica small, beside the shipping, which it does not hold up: has it maintained, and makes the
 * baselines that are due, each in a thread of its own. Belongs to the replica's actor; only {@link #settled} is for all.
 */
final class HistoryUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryUpkeep.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private final Replica replica;
    private final Set<Duty> duties;
    private final String name;
    private final String failureDomain;
    private final Threads threads;
    private final Clock clock;
    private final Runnable wake;
    private final Task<Upkeep> maintaining;
    private final Task<Txid> baseline;
    private final MaintenanceTask recordingAges;

    /** The tasks of the replica that do not get on. */
    private List<MaintenanceTask.Failure> failures = List.of();

    /** Set once another process has turned out to write there. */
    private Optional<Health> stopped = Optional.empty();

    private volatile boolean baselineDue;
    private volatile boolean maintainedOnce;

    /** A baseline was made while maintenance was looking whether one is due. */
    private boolean outdated;

    private boolean lookWanted;
    private volatile Txid settled;

    /** Work of one kind: at most one at a time, again when it is due, and later if it failed. */
    private final class Task<T> {
        private Optional<CompletableFuture<T>> running = Optional.empty();
        private final MaintenanceTask outcome;
        private long due;

        Task(String consequence) {
            this.outcome = new MaintenanceTask(consequence, clock);
            this.due = clock.ticks();
        }

        void start(Job<T> job) {
            CompletableFuture<T> result = new CompletableFuture<>();
            running = Optional.of(result);
            threads.network().execute(() -> run(job, result));
        }

        /** There is a result before anybody is woken for it. */
        private void run(Job<T> job, CompletableFuture<T> result) {
            try {
                result.complete(job.run());
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            } finally {
                wake.run();
            }
        }

        boolean isStartable() {
            return running.isEmpty() && clock.ticks() >= due;
        }

        /** What came out, if something did since this was last asked. */
        Optional<T> take() throws InterruptedException {
            if (running.isEmpty() || !running.get().isDone()) {
                return Optional.empty();
            }
            CompletableFuture<T> done = running.get();
            running = Optional.empty();
            try {
                T result = Futures.result(done);
                outcome.succeeded();
                return Optional.of(result);
            } catch (ReplicaException.Foreign e) {
                stopped = Optional.of(new Health.Stopped(e.reason(), e.nextStep()));
            } catch (IOException | RuntimeException | Error e) {
                outcome.failed(e);
                due = clock.ticks() + outcome.untilRetry().toNanos();
                lookWanted = true;
            }
            return Optional.empty();
        }
    }

    /** What a thread is given to do. */
    @FunctionalInterface
    private interface Job<T> {
        T run() throws IOException, InterruptedException;
    }

    /** @param wake is called when there is something to collect */
    HistoryUpkeep(DatabaseSpec.ReplicaSpec spec, String name, EngineResources resources, Runnable wake) {
        this.replica = spec.replica();
        this.duties = spec.duties();
        this.baselineDue = duties.contains(Duty.ONE_BASELINE);
        this.settled = duties.contains(Duty.MAINTENANCE) ? Txid.NONE : new Txid(Long.MAX_VALUE);
        this.name = name;
        this.failureDomain = spec.failureDomain();
        this.threads = resources.threads();
        this.clock = resources.clock();
        this.wake = wake;
        this.maintaining = new Task<>("the history is not compacted, and expired objects are not removed");
        this.baseline = new Task<>("no new snapshot");
        this.recordingAges = new MaintenanceTask(
                "the ages of TXIDs are not recorded, so that retention keeps more than it has to after a restart,",
                clock);
    }

    /** Up to which TXID it does not need the change log any more. */
    Txid settled() {
        return settled;
    }

    /** There is something new at the replica. */
    void changed() {
        if (maintaining.outcome.failure().isEmpty()) {
            maintaining.due = Math.min(maintaining.due, clock.ticks() + SHORTEST_PAUSE.toNanos());
        }
    }

    /** Collects what is done and starts what is due. To be called when all there is has been shipped. */
    void step(ReplicaSource from, LocalChanges local) throws InterruptedException {
        if (!from.newest().isNone()) {
            local.ages().forgetAbove(from.newest());
            local.ages().seen(from.newest());
        }
        maintaining.take().ifPresent(this::maintained);
        if (baseline.take().isPresent()) {
            baselineDue = false;
            outdated = maintaining.running.isPresent();
            lookWanted |= duties.contains(Duty.ONE_BASELINE);
        }
        if (maintaining.isStartable() && mayMaintain()) {
            maintaining.start(() -> maintain(from, local));
        }
        if (baselineDue && baseline.isStartable()) {
            baseline.start(() -> makeBaseline(from));
        }
    }

    /** Whether the next step starts something; that requires that no other process writes to the replica. */
    boolean isAboutToStart() {
        return (maintaining.isStartable() && mayMaintain()) || (baselineDue && baseline.isStartable());
    }

    private Upkeep maintain(ReplicaSource from, LocalChanges local) throws IOException {
        Upkeep upkeep = replica.maintain(local);
        recordingAges.run(from.ages()::saveIfDue);
        return upkeep;
    }

    /** What is to be done once is done in order: the baseline first, so that what it makes obsolete is seen. */
    private boolean mayMaintain() {
        boolean waits = duties.contains(Duty.ONE_BASELINE) && (baselineDue || lookWanted);
        return duties.contains(Duty.MAINTENANCE) && !waits;
    }

    /** Whether the duties that end are done; those that do not end need not be. */
    boolean isDone() {
        boolean endless = duties.contains(Duty.SCHEDULED_BASELINES);
        return endless || (!baselineDue && (maintainedOnce || !duties.contains(Duty.MAINTENANCE)));
    }

    private void maintained(Upkeep upkeep) {
        settled = upkeep.settled();
        failures = upkeep.failures();
        lookWanted |= upkeep.hasFailed();
        maintainedOnce |= failures.isEmpty();
        baselineDue =
                upkeep.baseline() == Upkeep.Baseline.DUE && duties.contains(Duty.SCHEDULED_BASELINES) && !outdated;
        if (upkeep.baseline() == Upkeep.Baseline.NOT_DUE && duties.contains(Duty.SCHEDULED_BASELINES)) {
            // The attempt that failed, or what was uploaded for another reason, has left a snapshot there.
            baseline.outcome.needless();
        }
        outdated = false;
        maintaining.due = clock.ticks() + Math.max(upkeep.again().toNanos(), SHORTEST_PAUSE.toNanos());
    }

    private Txid makeBaseline(ReplicaSource from) throws IOException, InterruptedException {
        long begun = clock.ticks();
        try (SelectedImage image = from.image(failureDomain, Txid.NONE)) {
            replica.baseline(image);
            LOG.info(
                    "{}: snapshot of {} pages at TXID {} written in {} ms",
                    name,
                    image.selectedPages(),
                    image.txid(),
                    (clock.ticks() - begun) / 1_000_000);
            return image.txid();
        }
    }

    /** Waits until nothing is merged or removed. */
    void awaitQuiet() throws InterruptedException {
        Optional<CompletableFuture<Upkeep>> running = maintaining.running;
        if (running.isPresent()) {
            try {
                Futures.result(running.get());
            } catch (IOException | RuntimeException e) {
                LOG.debug("{}: the next step reports this failure: {}", name, e.toString());
            }
        }
    }

    /** Whether the replica has to be listed, after a failure or because a removal needs a new listing. */
    boolean takeLookWanted() {
        boolean was = lookWanted;
        lookWanted = false;
        return was;
    }

    /** What is wrong with it, if anything is. */
    Optional<Health> trouble() {
        if (stopped.isPresent()) {
            return stopped;
        }
        List<MaintenanceTask.Failure> all = Stream.of(
                        baseline.outcome.failure().stream(),
                        maintaining.outcome.failure().stream(),
                        failures.stream(),
                        recordingAges.failure().stream())
                .flatMap(found -> found)
                .toList();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        String reasons =
                all.stream().map(MaintenanceTask.Failure::toString).distinct().collect(Collectors.joining("; "));
        String nextSteps =
                all.stream().map(MaintenanceTask.Failure::nextStep).distinct().collect(Collectors.joining(" "));
        return Optional.of(new Health.Degraded(reasons, nextSteps));
    }

    /** When it wants to be stepped again, if nothing else happens. */
    Duration untilDue() {
        boolean pending = maintaining.running.isEmpty() && mayMaintain();
        long due = pending ? maintaining.due - clock.ticks() : Long.MAX_VALUE;
        long next = baselineDue && baseline.running.isEmpty() ? Math.min(due, baseline.due - clock.ticks()) : due;
        return Duration.ofNanos(Math.max(0, next));
    }
}
