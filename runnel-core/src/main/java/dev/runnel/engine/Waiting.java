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

    Waiting(Clock clock, Duration patience) {
        this.clock = clock;
        this.patience = patience;
    }

    /** What the future gives; empty if the actor is not getting on. The future is then cancelled. */
    <T> Optional<T> await(Future<? extends T> future, Supplier<Health> health) throws InterruptedException {
        long wellAt = clock.ticks();
        while (clock.ticks() - wellAt < patience.toNanos()) {
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
