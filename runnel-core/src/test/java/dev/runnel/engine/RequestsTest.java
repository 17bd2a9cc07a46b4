package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.platform.Signal;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RequestsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Requests<String> requests = new Requests<>(new Signal());

    @Test
    void i46AnErrorInATaskReachesTheCallerAndTheActor() {
        Requests.Answer<String> answer = requests.submit(_ -> {
            throw new StackOverflowError("made by the test");
        });
        assertThatThrownBy(() -> requests.runAll("actor")).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> answer.await(LONG, "it")).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void i46AfterAnErrorTheOtherRequestsAreStillDone() throws IOException, InterruptedException {
        var _ = requests.submit(_ -> {
            throw new AssertionError("made by the test");
        });
        Requests.Answer<String> next = requests.submit(Optional::of);
        assertThatThrownBy(() -> requests.runAll("actor")).isInstanceOf(AssertionError.class);
        assertThat(requests.runAll("actor again")).isTrue();
        assertThat(next.await(LONG, "it")).isEqualTo("actor again");
    }

    @Test
    void aTaskThatNeedsMoreStepsIsCalledOnceInEachRound() throws IOException, InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        Requests.Answer<Integer> answer =
                requests.submit(_ -> steps.incrementAndGet() < 3 ? Optional.empty() : Optional.of(steps.get()));
        for (int round = 1; round <= 3; round++) {
            assertThat(requests.runAll("actor")).isTrue();
            assertThat(steps).hasValue(round);
        }
        assertThat(answer.await(LONG, "it")).isEqualTo(3);
        assertThat(requests.isEmpty()).isTrue();
    }

    @Test
    void i45AnActorThatDoesNothingIsWaitedForWithALimitAndTheRequestIsWithdrawn() {
        AtomicInteger runs = new AtomicInteger();
        Requests.Answer<Integer> answer = requests.submit(_ -> Optional.of(runs.incrementAndGet()));
        assertThatThrownBy(() -> answer.await(SHORT, "/app.db"))
                .isInstanceOf(UnresponsiveException.class)
                .hasMessageContaining("/app.db");
        assertThat(requests.runAll("actor")).isTrue();
        assertThat(runs).hasValue(0);
    }

    @Test
    void whatIsMadeAfterTheCallerHasGivenUpIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        Closeable made = closed::incrementAndGet;
        CompletableFuture<Requests.Answer<Closeable>> answer = new CompletableFuture<>();
        var _ = answer.complete(requests.submit(_ -> {
            var _ = answer.join().future().cancel(false);
            return Optional.of(made);
        }));
        requests.runAll("actor");
        assertThat(closed).hasValue(1);
    }

    @Test
    void i46WhoAsksAfterTheEndIsToldWhy() {
        requests.refuseAll(new IOException("it has ended"));
        Requests.Answer<String> answer = requests.submit(Optional::of);
        assertThatThrownBy(() -> answer.await(LONG, "it"))
                .isInstanceOf(IOException.class)
                .hasMessage("it has ended");
    }
}
