package dev.runnel.platform;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the file-system calls of virtual threads. A call keeps the carrier of a virtual thread, and there are only as many
 * carriers as processors: two calls that hang, on a network folder that does not respond, would stop every actor there is.
 * So a virtual thread hands its calls to platform threads and waits, which also lets the other virtual threads run.
 */
final class FileLane {
    private static final int FEWEST = 4;
    private static final int MOST_HANGING = 256;

    /** A call of which nothing is heard for so long has failed for its caller, who says so, and tries again. */
    private static final Duration HANGS_AFTER = Duration.ofMinutes(5);

    private static final Duration AFTER_AN_INTERRUPT = Duration.ofSeconds(2);

    /** Calls that are given up keep their threads, and each new try takes one more; past this callers wait. */
    private static final int MOST_GIVEN_UP = 64;

    private static final AtomicInteger HANGING = new AtomicInteger();

    private FileLane() {}

    /** Started with the first call, and shared by all: a call has no owner. */
    private static final class Shared {
        private static final Lane LANE = new Lane("runnel-file", FEWEST, MOST_HANGING);
    }

    /** A call to the file system. */
    @FunctionalInterface
    interface Call<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /** A call to the file system without a result. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Makes a call; on the caller's own thread if that is a platform thread. */
    static <T extends @Nullable Object> T call(Call<T> call) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return call.run();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Shared.LANE.execute(() -> {
            try {
                result.complete(call.run());
            } catch (IOException | RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return await(result);
    }

    /** An interrupt that came before lets the caller clean up; one that comes now ends the waiting, not the call. */
    private static <T extends @Nullable Object> T await(CompletableFuture<T> result) throws IOException {
        boolean wasInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return result.get(
                            (wasInterrupted ? AFTER_AN_INTERRUPT : HANGS_AFTER).toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (HANGING.incrementAndGet() < MOST_GIVEN_UP || wasInterrupted) {
                        var _ = result.whenComplete((_, _) -> HANGING.decrementAndGet());
                        throw new IOException("the file system has not responded for minutes", e);
                    }
                    HANGING.decrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            wasInterrupted = true;
            throw (InterruptedIOException) new InterruptedIOException("interrupted in a file-system call").initCause(e);
        } catch (ExecutionException e) {
            throw Causes.asIoException(e.getCause() == null ? e : e.getCause());
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void act(Action action) throws IOException {
        var _ = FileLane.<Boolean>call(() -> {
            action.run();
            return true;
        });
    }
}
