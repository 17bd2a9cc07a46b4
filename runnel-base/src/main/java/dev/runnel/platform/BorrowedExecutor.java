package dev.runnel.platform;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Threads of the application. Shut down, it accepts no more tasks and interrupts its own; the owner keeps using the
 * threads.
 */
final class BorrowedExecutor extends AbstractExecutorService {
    private final ExecutorService owned;
    private final Set<Thread> running = new HashSet<>();
    private boolean isShutdown;

    BorrowedExecutor(ExecutorService owned) {
        this.owned = owned;
    }

    @Override
    public synchronized void execute(Runnable task) {
        if (isShutdown) {
            throw new RejectedExecutionException("Runnel has ended");
        }
        owned.execute(() -> run(task));
    }

    private void run(Runnable task) {
        if (!begin()) {
            return;
        }
        try {
            task.run();
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        return !isShutdown && running.add(Thread.currentThread());
    }

    /** From here on the thread is not interrupted any more, and what has interrupted it was not meant for the owner. */
    private synchronized void end() {
        running.remove(Thread.currentThread());
        var _ = Thread.interrupted();
        notifyAll();
    }

    @Override
    public synchronized void shutdown() {
        isShutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        isShutdown = true;
        running.forEach(Thread::interrupt);
        return List.of();
    }

    @Override
    public synchronized boolean isShutdown() {
        return isShutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return isShutdown && running.isEmpty();
    }

    @Override
    public synchronized boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        for (long left = end - System.nanoTime(); !isTerminated() && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return isTerminated();
    }
}
