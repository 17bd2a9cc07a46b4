package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for an actor for as long as it gets on; once it is in trouble, for so long that it may get over it. */
final class Waiting {
    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);
    private static final long LOOK_MILLIS = 50;

    private final Clock clock;
    private final Duration patience;
    private final long longest;
    private final long begun;

    Waiting(Clock clock, Duration patience) {
        this(clock, patience, Long.MAX_VALUE);
    }

    /** @param longest how long all of it may take, in nanoseconds from now */
    Waiting(Clock clock, Duration patience, long longest) {
        this.clock = clock;
        this.patience = patience;
        this.longest = longest;
        this.begun = clock.ticks();
    }

    /** What the future gives; empty if the actor is not getting on. The future is then cancelled. */
    <T> Optional<T> await(Future<? extends T> future, Supplier<Health> health) throws InterruptedException {
        long wellAt = clock.ticks();
        while (clock.ticks() - wellAt < patience.toNanos() && clock.ticks() - begun < longest) {
            try {
                return Optional.ofNullable(future.get(LOOK_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                wellAt = isWell(health.get()) ? clock.ticks() : wellAt;
            } catch (ExecutionException | CancellationException e) {
                LOG.debug("given up: {}", e.toString());
                return Optional.empty();
            }
        }
        future.cancel(true);
        return Optional.empty();
    }

    private static boolean isWell(Health health) {
        return health instanceof Health.Healthy || health.equals(HealthLog.STARTING);
    }
}
