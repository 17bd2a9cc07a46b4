package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the loop of an actor, and knows when it has really ended: a task that is interrupted runs on for a while. */
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final Future<?> thread;

    private Loop(ExecutorService threads, Runnable actor) {
        this.thread = threads.submit(() -> run(actor));
    }

    /** @param actor says itself, in its health, how its loop ended */
    static Loop start(ExecutorService threads, Runnable actor) {
        return new Loop(threads, actor);
    }

    private void run(Runnable actor) {
        try {
            actor.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a loop has ended", e);
        } finally {
            ended.complete(true);
        }
    }

    /** Done once nothing of it runs any more. Not to be cancelled. */
    Future<Boolean> ended() {
        return ended;
    }

    void interrupt() {
        thread.cancel(true);
    }

    /** Waits for its end; false if it has not ended by then, in ticks of the clock. */
    boolean awaitUntil(Clock clock, long deadline) {
        try {
            return ended.get(Math.max(0, deadline - clock.ticks()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
