package dev.runnel.platform;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads for short tasks, in the order in which they come. A task that does not end, because a disk hangs or
 * because its work cannot be cut into pieces, keeps only its own thread: while nothing leaves the queue, threads are added.
 */
final class Lane extends ThreadPoolExecutor {
    /** If the first in the queue has waited for so long, it is asked which tasks take long. */
    private static final long PATIENCE_NANOS = 100_000_000;

    /** A task that has taken so long is replaced by a thread, until it ends. */
    private static final long LONG_NANOS = 250_000_000;

    private final int fewest;
    private final int most;
    private final AtomicLong longest = new AtomicLong();
    private final Map<Thread, Long> running = new ConcurrentHashMap<>();
    private final Semaphore queued = new Semaphore(0);
    private final Thread watch;

    /**
     * A lane without tasks.
     *
     * @param name of its threads, without a number
     * @param most as many tasks can hang before others have to wait for them
     */
    Lane(String name, int fewest, int most) {
        super(
                fewest,
                most,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon(true).factory());
        this.fewest = fewest;
        this.most = most;
        this.watch = Thread.ofPlatform().name(name + "-watch").daemon(true).unstarted(this::watch);
        watch.start();
    }

    /** The longest time that one task has taken so far. */
    Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    @Override
    public void execute(Runnable task) {
        super.execute(task);
        if (queued.availablePermits() == 0 && !getQueue().isEmpty()) {
            queued.release();
        }
    }

    @Override
    protected void beforeExecute(Thread thread, Runnable task) {
        running.put(thread, System.nanoTime());
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
        Long started = running.remove(Thread.currentThread());
        if (started != null) {
            longest.accumulateAndGet(System.nanoTime() - started, Math::max);
        }
    }

    private void watch() {
        while (!isShutdown()) {
            try {
                queued.acquire();
                addThreadsWhileStuck();
            } catch (InterruptedException e) {
                // Only the end of the lane interrupts, and is asked for above.
                setCorePoolSize(fewest);
            }
        }
    }

    private void addThreadsWhileStuck() throws InterruptedException {
        Object first = getQueue().peek();
        while (first != null && !isShutdown()) {
            LockSupport.parkNanos(PATIENCE_NANOS);
            Object now = getQueue().peek();
            if (first.equals(now)) {
                setCorePoolSize(Math.min(most, fewest + tasksThatTakeLong()));
            }
            first = now;
        }
        setCorePoolSize(fewest);
    }

    private int tasksThatTakeLong() {
        long now = System.nanoTime();
        return (int) running.values().stream()
                .filter(started -> now - started > LONG_NANOS)
                .count();
    }

    /** A thread that waits for a task that will never begin is notified. */
    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> waiting = super.shutdownNow();
        watch.interrupt();
        for (Runnable task : waiting) {
            if (task instanceof Future<?> future) {
                future.cancel(false);
            }
        }
        return waiting;
    }
}
