package dev.runnel.setup;

import dev.runnel.platform.Clock;
import dev.runnel.replica.ReplicaException;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.verify.Depth;
import dev.runnel.verify.HistoryReport;
import dev.runnel.verify.Verdict;
import dev.runnel.verify.VerifyOptions;
import dev.runnel.verify.VerifyOptions.State;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Verifies replicas while databases are followed, each as often as its settings say: the pages of the newest state are read
 * and compared with the checksum of the database. One replica after the other, at an easy pace, and without disk space. When
 * it was last done is kept in the meta folder, so that restarts neither repeat it nor put it off.
 */
public final class VerificationSchedule implements Closeable {
    /** Not during the work of a start; and a replica without any history is likely to have some soon. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final VerifyOptions OPTIONS =
            new VerifyOptions(Depth.PAGES, State.NEWEST, IntegrityCheck.NONE, Optional.empty());

    private final Replicas replicas;
    private final Clock clock;
    private final Supplier<List<DatabaseConfig>> databases;
    private final Listener listener;

    /** Used by the timer only, which is one thread. */
    private final Set<Job> scheduled = new HashSet<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("verify").factory());

    /** Is told how it goes, on the thread of the schedule. */
    public interface Listener {
        /** A replica was verified. */
        void verified(DatabaseConfig database, ReplicaConfig replica, List<HistoryReport> reports);

        /** It could not be read, which says nothing about its history; it is tried again after the interval. */
        void notVerified(DatabaseConfig database, ReplicaConfig replica, IOException fault);

        /** Tells another listener, too. */
        default Listener and(Listener other) {
            Listener first = this;
            return new Listener() {
                @Override
                public void verified(DatabaseConfig database, ReplicaConfig replica, List<HistoryReport> reports) {
                    first.verified(database, replica, reports);
                    other.verified(database, replica, reports);
                }

                @Override
                public void notVerified(DatabaseConfig database, ReplicaConfig replica, IOException fault) {
                    first.notVerified(database, replica, fault);
                    other.notVerified(database, replica, fault);
                }
            };
        }
    }

    /** A replica and how often it is verified. */
    private record Job(DatabaseConfig database, ReplicaConfig replica, Duration interval) {}

    private VerificationSchedule(
            Replicas replicas, Clock clock, Supplier<List<DatabaseConfig>> databases, Listener listener) {
        this.replicas = replicas;
        this.clock = clock;
        this.databases = databases;
        this.listener = listener;
    }

    /**
     * Begins. A replica that this machine cannot decrypt is left out.
     *
     * @param databases whose replicas are verified; those that are added are noticed within a minute
     */
    public static VerificationSchedule start(
            Replicas replicas, Clock clock, Supplier<List<DatabaseConfig>> databases, Listener listener) {
        return start(replicas, clock, databases, listener, SOON);
    }

    /** @param noticed within which time databases that are added are noticed */
    static VerificationSchedule start(
            Replicas replicas,
            Clock clock,
            Supplier<List<DatabaseConfig>> databases,
            Listener listener,
            Duration noticed) {
        VerificationSchedule schedule = new VerificationSchedule(replicas, clock, databases, listener);
        var _ = schedule.timer.scheduleWithFixedDelay(schedule::addNew, 0, noticed.toMillis(), TimeUnit.MILLISECONDS);
        return schedule;
    }

    private void addNew() {
        for (Job job : jobs()) {
            if (scheduled.add(job)) {
                in(untilFirst(job), job);
            }
        }
    }

    private Set<Job> jobs() {
        Set<Job> jobs = new LinkedHashSet<>();
        for (DatabaseConfig database : databases.get()) {
            for (ReplicaConfig replica : database.replicas()) {
                replica.verifyInterval()
                        .filter(_ -> !replica.store().isEncryptOnly())
                        .ifPresent(interval -> jobs.add(new Job(database, replica, interval)));
            }
        }
        return jobs;
    }

    private Duration untilFirst(Job job) {
        Duration soon = shorter(SOON, job.interval());
        try {
            Duration left = records(job)
                    .last(job.replica())
                    .map(last -> Duration.between(clock.now(), last.time().plus(job.interval())))
                    .orElse(Duration.ZERO);
            // A clock that was set back must not put it off.
            return shorter(job.interval(), left.compareTo(soon) < 0 ? soon : left);
        } catch (IOException _) {
            return soon;
        }
    }

    private void in(Duration delay, Job job) {
        try {
            var _ = timer.schedule(() -> run(job), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // It was closed.
        }
    }

    private void run(Job job) {
        if (!jobs().contains(job)) {
            scheduled.remove(job);
            return;
        }
        Duration next = job.interval();
        try {
            if (replicas.disk().stat(job.database().metaFolder()).isEmpty()) {
                // The database is not there yet, and nothing is created for it.
                in(shorter(SOON, next), job);
                return;
            }
            Verification verification =
                    new Verification(replicas, OPTIONS, job.database().metaFolder(), new ReadPace(clock));
            Instant time = clock.now();
            long start = clock.ticks();
            List<HistoryReport> reports = verification.verify(
                    job.replica(), Optional.of(job.database().metaFolder()));
            Duration duration = Duration.ofNanos(clock.ticks() - start);
            records(job).put(job.replica(), new VerificationRecord(time, worst(reports), duration));
            listener.verified(job.database(), job.replica(), reports);
        } catch (ReplicaException.NothingToRestore _) {
            next = shorter(SOON, next);
        } catch (CancellationException _) {
            return;
        } catch (IOException e) {
            listener.notVerified(job.database(), job.replica(), e);
        } catch (RuntimeException | Error e) {
            listener.notVerified(job.database(), job.replica(), new IOException(e));
        }
        in(next, job);
    }

    private VerificationRecords records(Job job) {
        return new VerificationRecords(replicas.disk(), job.database().metaFolder());
    }

    private static Verdict worst(List<HistoryReport> reports) {
        return reports.stream()
                .map(HistoryReport::verdict)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Ends, in the middle of a verification if there is one. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
