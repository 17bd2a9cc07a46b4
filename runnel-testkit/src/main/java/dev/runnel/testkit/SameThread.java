package dev.runnel.testkit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A lane that has no thread: who hands it work does the work, so that a simulation goes the same way each time. */
public final class SameThread extends AbstractExecutorService {
    private volatile boolean ended;

    @Override
    public void execute(Runnable work) {
        if (ended) {
            throw new RejectedExecutionException("the lane has ended");
        }
        work.run();
    }

    @Override
    public void shutdown() {
        ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        ended = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return ended;
    }

    @Override
    public boolean isTerminated() {
        return ended;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return ended;
    }
}
