package dev.runnel.engine;

import dev.runnel.platform.Signal;
import java.io.IOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What others ask of an actor, done by the actor between its own steps. */
final class Requests<A> {
    private final Queue<Request<A, ?>> waiting = new ConcurrentLinkedQueue<>();
    private final Signal signal;
    private Optional<IOException> refusal = Optional.empty();

    /** Something to be done with what the actor owns. */
    @FunctionalInterface
    interface Task<A, T extends @Nullable Object> {
        T run(A owned) throws IOException;
    }

    private record Request<A, T extends @Nullable Object>(Task<A, T> task, CompletableFuture<T> result) {
        void run(A owned) {
            try {
                result.complete(task.run(owned));
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        }
    }

    /** Requests that wake an actor by raising its signal. */
    Requests(Signal signal) {
        this.signal = signal;
    }

    <T extends @Nullable Object> Future<T> submit(Task<A, T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        add(new Request<>(task, result));
        signal.raise();
        return result;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Does everything that was asked so far; returns whether there was anything. */
    boolean runAll(A owned) {
        boolean any = false;
        for (Request<A, ?> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run(owned);
            any = true;
        }
        return any;
    }

    private synchronized void add(Request<A, ?> request) {
        if (refusal.isPresent()) {
            request.result().completeExceptionally(refusal.get());
        } else {
            waiting.add(request);
        }
    }

    /** Nothing more will be done, what is asked from now on included: whoever waits is told why. */
    synchronized void refuseAll(IOException reason) {
        refusal = Optional.of(reason);
        for (Request<A, ?> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.result().completeExceptionally(reason);
        }
    }

    /** What is asked from now on will be done again. */
    synchronized void accept() {
        refusal = Optional.empty();
    }
}
