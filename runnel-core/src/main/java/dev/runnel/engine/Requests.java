package dev.runnel.engine;

import dev.runnel.platform.Signal;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other threads ask of an actor, done by the actor between its own steps. Every request ends: with a result, with the
 * failure of the task, whatever was thrown, or with the reason why the actor cannot do it.
 */
final class Requests<A> {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private final Queue<Request<A, ?>> waiting = new ConcurrentLinkedQueue<>();
    private final Signal signal;
    private Optional<IOException> refusal = Optional.empty();

    /** Something to be done with what the actor owns. */
    @FunctionalInterface
    interface Task<A, T> {
        /** Runs one bounded step. Empty if more steps are needed: the actor calls it again after a step of its own. */
        Optional<T> run(A owned) throws IOException;
    }

    /** A result that is still awaited. */
    static final class Answer<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicInteger steps = new AtomicInteger();

        private Answer() {}

        CompletableFuture<T> future() {
            return result;
        }

        /**
         * Waits for the result for as long as the actor makes progress with it.
         *
         * @param patience the longest time between two steps; after that the request is withdrawn
         * @param subject names the actor in the message
         * @throws UnresponsiveException if the actor does nothing for so long
         */
        T await(Duration patience, String subject) throws IOException, InterruptedException {
            int seen = steps.get();
            while (true) {
                try {
                    return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    if (steps.get() == seen && result.cancel(false)) {
                        throw new UnresponsiveException(subject, patience, e);
                    }
                    seen = steps.get();
                } catch (ExecutionException e) {
                    throw Futures.asIoException(e.getCause() == null ? e : e.getCause());
                }
            }
        }
    }

    private record Request<A, T>(Task<A, T> task, Answer<T> answer) {
        /** Returns whether this request is over. An Error concerns the actor as well, whose state it may have broken. */
        boolean run(A owned) {
            if (answer.result.isDone()) {
                return true;
            }
            try {
                Optional<T> result = task.run(owned);
                answer.steps.incrementAndGet();
                result.ifPresent(this::complete);
                return result.isPresent();
            } catch (IOException | RuntimeException e) {
                answer.result.completeExceptionally(e);
                return true;
            } catch (Error e) {
                answer.result.completeExceptionally(e);
                throw e;
            }
        }

        /** Nobody closes a result that was withdrawn while it was made. */
        private void complete(T result) {
            if (!answer.result.complete(result) && result instanceof Closeable unwanted) {
                try {
                    unwanted.close();
                } catch (IOException e) {
                    LOG.warn("closing the result of a request that was given up: {}", e.toString());
                }
            }
        }
    }

    /** Requests that wake an actor by raising its signal. */
    Requests(Signal signal) {
        this.signal = signal;
    }

    <T> Answer<T> submit(Task<A, T> task) {
        Answer<T> answer = new Answer<>();
        add(new Request<>(task, answer));
        signal.raise();
        return answer;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many there are. More may come at any time; these are the oldest. */
    int count() {
        return waiting.size();
    }

    /** Runs one step of every request; returns whether there was any. */
    boolean runAll(A owned) {
        return runOldest(count(), owned);
    }

    /** Runs one step of so many requests; returns whether there was any. */
    boolean runOldest(int count, A owned) {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            Request<A, ?> next = waiting.poll();
            if (next == null) {
                break;
            }
            any = true;
            if (!next.run(owned)) {
                add(next);
            }
        }
        return any;
    }

    private synchronized void add(Request<A, ?> request) {
        if (refusal.isPresent()) {
            request.answer().result.completeExceptionally(refusal.get());
        } else {
            waiting.add(request);
        }
    }

    /** Ends what was asked so far: the callers get the reason. What is asked from now on waits. */
    synchronized void failAll(IOException reason) {
        for (Request<A, ?> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.answer().result.completeExceptionally(reason);
        }
    }

    /** Ends what was asked so far, and what will be asked until {@link #accept}: the callers get the reason. */
    synchronized void refuseAll(IOException reason) {
        refusal = Optional.of(reason);
        failAll(reason);
    }

    /** Requests are done again. */
    synchronized void accept() {
        refusal = Optional.empty();
    }
}
