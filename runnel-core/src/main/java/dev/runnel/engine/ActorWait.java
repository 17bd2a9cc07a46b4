package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for many actors at the same time: for each one as long as it makes progress, and once it fails, long enough for
 * it to recover. One that fails takes no time from the others.
 */
final class ActorWait {
    private static final Logger LOG = LoggerFactory.getLogger(ActorWait.class);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Clock clock;
    private final Duration patience;
    private final long longest;
    private final long begun;

    ActorWait(Clock clock, Duration patience) {
        this(clock, patience, Long.MAX_VALUE);
    }

    /** @param longest how long all of it may take, in nanoseconds from now */
    ActorWait(Clock clock, Duration patience, long longest) {
        this.clock = clock;
        this.patience = patience;
        this.longest = longest;
        this.begun = clock.ticks();
    }

    /** What the futures give. Those of actors that do not get on are missing. */
    <A, T> Map<A, T> await(Map<A, ? extends Future<? extends T>> asked, Function<A, Health> health)
            throws InterruptedException {
        Map<A, T> answers = new LinkedHashMap<>();
        Map<A, Future<? extends T>> pending = new LinkedHashMap<>(asked);
        Map<A, Long> wellAt = new HashMap<>();
        asked.keySet().forEach(actor -> wellAt.put(actor, clock.ticks()));
        while (true) {
            long now = clock.ticks();
            pending.entrySet().removeIf(each -> {
                if (each.getValue().isDone()) {
                    take(each.getKey(), each.getValue(), answers);
                    return true;
                }
                if (isWell(health.apply(each.getKey()))) {
                    wellAt.put(each.getKey(), now);
                }
                return now - wellAt.getOrDefault(each.getKey(), now) >= patience.toNanos() || now - begun >= longest;
            });
            if (pending.isEmpty()) {
                return answers;
            }
            clock.sleep(LOOK);
        }
    }

    private static <A, T> void take(A actor, Future<? extends T> done, Map<A, T> answers) {
        switch (done.state()) {
            case SUCCESS -> {
                T result = done.resultNow();
                if (result != null) {
                    answers.put(actor, result);
                }
            }
            case FAILED -> LOG.debug("given up: {}", done.exceptionNow().toString());
            case CANCELLED, RUNNING -> LOG.debug("given up");
        }
    }

    /** Whether what is waited for may still come. */
    static boolean isWell(Health health) {
        return health instanceof Health.Healthy
                || health instanceof Health.Working
                || health.equals(HealthLog.STARTING);
    }
}
