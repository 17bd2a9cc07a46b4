package dev.runnel.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The disk tasks of one actor: one at a time, on the disk lane, and each one watched. A task that does not end shows in the
 * actor's health. While a task is running nothing else of this actor touches its files: an interrupt waits for the task, and
 * if the task outlives that, every later one is refused, the one that would close the files included.
 */
final class DiskWork {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int LOOKS_BEFORE_DEGRADED = 6;

    /** How long an interrupt waits for the task that is running. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(5);

    private final ExecutorService lane;
    private final HealthLog health;
    private final String subject;
    private Optional<Task<?>> outlived = Optional.empty();

    private enum Phase {
        WAITING,
        RUNNING,
        WITHDRAWN
    }

    private static final class Task<T extends @Nullable Object> implements Runnable {
        private final Callable<T> body;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Task(Callable<T> body) {
            this.body = body;
        }

        @Override
        public void run() {
            if (!phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
                return;
            }
            try {
                result.complete(body.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        }

        /** Whether it will not run any more. */
        boolean withdraw() {
            return phase.compareAndSet(Phase.WAITING, Phase.WITHDRAWN);
        }
    }

    /** @param subject names the database */
    DiskWork(ExecutorService lane, HealthLog health, String subject) {
        this.lane = lane;
        this.health = health;
        this.subject = subject;
    }

    /**
     * Runs a task on the lane and waits for it.
     *
     * @param what names the task in messages, as in "closing the database"
     */
    <T extends @Nullable Object> T run(String what, Callable<T> body) throws IOException, InterruptedException {
        if (outlived.isPresent() && !outlived.get().result.isDone()) {
            throw new InterruptedException(what + ": a task that is still running uses the files of " + subject);
        }
        Task<T> task = new Task<>(body);
        lane.execute(LogFields.carriedTo(task));
        Health before = health.now();
        for (int looks = 1; ; looks++) {
            try {
                T result = task.result.get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
                if (looks > 1) {
                    health.set(before);
                }
                return result;
            } catch (TimeoutException e) {
                tell(what, task, looks);
            } catch (ExecutionException e) {
                throw Futures.asIoException(e.getCause() == null ? e : e.getCause());
            } catch (InterruptedException e) {
                endBeforeInterrupt(task);
                throw e;
            }
        }
    }

    private void tell(String what, Task<?> task, int looks) {
        boolean isRunning = task.phase.get() == Phase.RUNNING;
        String reason = isRunning
                ? what + " takes long; nothing of " + subject + " is captured until it is finished"
                : what + " waits for a thread of the disk lane";
        if (looks < LOOKS_BEFORE_DEGRADED) {
            health.set(new Health.Working(reason, "No action needed yet."));
        } else {
            health.set(new Health.Degraded(reason, "Check the disk that holds " + subject + " and its meta folder."));
        }
    }

    /** Nothing may be closed under a task that is running. */
    private void endBeforeInterrupt(Task<?> task) {
        if (task.withdraw()) {
            return;
        }
        try {
            var _ = task.result.get(LAST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return;
        } catch (TimeoutException | InterruptedException e) {
            outlived = Optional.of(task);
        }
    }
}
