package dev.runnel.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;

/**
 * Waits for a fact, with a limit, in place of sleeping. The fact is looked at every few milliseconds. When a look that
 * began after the limit finds nothing either, the test fails with the sentence that says what was awaited and, if there
 * was one, the last error of the look. So a look may last longer than the limit: what it finds is judged by when it began.
 */
public final class Await {
    private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 20_000_000;

    private Await() {}

    /** A look at the world. An exception or an AssertionError counts as "not yet". */
    @FunctionalInterface
    public interface Look<T> {
        Optional<T> look() throws Exception;
    }

    /** A look that only says yes or no. */
    @FunctionalInterface
    public interface Fact {
        boolean holds() throws Exception;
    }

    /** Waits until the fact holds. */
    public static void until(String what, Duration limit, Fact fact) {
        value(what, limit, () -> fact.holds() ? Optional.of(Boolean.TRUE) : Optional.empty());
    }

    /** Waits until the look finds something, and gives it. */
    public static <T> T value(String what, Duration limit, Look<T> look) {
        long start = System.nanoTime();
        long pause = SHORTEST_PAUSE_NANOS;
        Optional<Throwable> lastError = Optional.empty();
        while (true) {
            boolean last = System.nanoTime() - start > limit.toNanos();
            try {
                Optional<T> found = look.look();
                if (found.isPresent()) {
                    return found.get();
                }
                lastError = Optional.empty();
            } catch (Exception | AssertionError e) {
                lastError = Optional.of(e);
            }
            if (last) {
                String message = "waited " + limit.toMillis() + " ms in vain: " + what;
                return lastError
                        .map(e -> Assertions.<T>fail(message + "; at last: " + e.getMessage(), e))
                        .orElseGet(() -> Assertions.fail(message));
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(LONGEST_PAUSE_NANOS, pause * 3 / 2);
        }
    }
}
