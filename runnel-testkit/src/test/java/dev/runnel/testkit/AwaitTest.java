package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private static final Duration LIMIT = Duration.ofMillis(1);

    @Test
    void aLookThatLastedLongerThanTheLimitIsNotTheLast() {
        AtomicInteger looks = new AtomicInteger();
        Await.until("the second look", LIMIT, () -> {
            outlastTheLimit();
            return looks.incrementAndGet() == 2;
        });
    }

    @Test
    void theLastErrorIsTold() {
        assertThatThrownBy(() -> Await.until("the sea is dry", LIMIT, () -> {
                    throw new IllegalStateException("it is wet");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("waited 1 ms in vain: the sea is dry; at last: it is wet");
    }

    @Test
    void whatIsNeverTrueEnds() {
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> Await.until("never", LIMIT, () -> {
                    outlastTheLimit();
                    return looks.incrementAndGet() < 0;
                }))
                .hasMessage("waited 1 ms in vain: never");
        assertThat(looks).hasValue(2);
    }

    private static void outlastTheLimit() {
        long start = System.nanoTime();
        while (System.nanoTime() - start <= LIMIT.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
