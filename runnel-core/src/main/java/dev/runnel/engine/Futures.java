package dev.runnel.engine;

import dev.runnel.platform.Causes;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Waits for work that another thread does; what that throws comes out here. */
final class Futures {
    private Futures() {}

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

    static IOException asIoException(Throwable cause) throws InterruptedException {
        if (cause instanceof InterruptedException interrupted) {
            throw interrupted;
        }
        return Causes.asIoException(cause);
    }
}
