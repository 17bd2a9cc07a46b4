package dev.runnel.platform;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does for many things what waits for a network, some at a time. */
public final class ParallelTasks {
    private ParallelTasks() {}

    /** What is done for one. */
    @FunctionalInterface
    public interface Task<T, R> {
        R run(T one) throws IOException;
    }

    /** Gives the results in the order of the things; what fails first makes all of it fail. */
    public static <T, R> List<R> map(int atOnce, List<T> things, Task<T, R> task) throws IOException {
        ExecutorService threads =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory());
        try {
            List<Future<R>> running = new ArrayList<>();
            for (T thing : things) {
                running.add(threads.submit(() -> task.run(thing)));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw fault;
            }
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
