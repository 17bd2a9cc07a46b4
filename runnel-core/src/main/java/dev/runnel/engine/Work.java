package dev.runnel.engine;

import dev.runnel.platform.Threads;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Hands work to a lane and waits for it; what it throws comes out here. */
final class Work {
    private Work() {}

    /** Runs a task on the lane for SQLite and files. */
    static <T extends @Nullable Object> T onDisk(Threads threads, Callable<T> task)
            throws IOException, InterruptedException {
        return result(threads.disk().submit(task));
    }

    /** Waits for a result. */
    static <T extends @Nullable Object> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (CancellationException e) {
            throw new IOException("given up: Runnel is stopping", e);
        } catch (ExecutionException e) {
            throw asIoException(e.getCause() == null ? e : e.getCause());
        }
    }

    private static IOException asIoException(Throwable cause) throws InterruptedException {
        return switch (cause) {
            case IOException io -> io;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException runtime -> throw runtime;
            case Error error -> throw error;
            default -> new IOException(cause);
        };
    }
}
