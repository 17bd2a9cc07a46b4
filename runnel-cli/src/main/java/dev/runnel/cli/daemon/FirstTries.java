package dev.runnel.cli.daemon;

import dev.runnel.engine.Engine;
import dev.runnel.platform.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until every database has been tried, so that an application finds them as they are while Runnel follows them. One that
 * fails has been tried; one that does not respond does not keep the application from running.
 */
final class FirstTries {
    private static final Logger LOG = LoggerFactory.getLogger(FirstTries.class);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int NAMED_DATABASES = 3;

    private final Engine engine;
    private final Clock clock;

    FirstTries(Engine engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /** Waits; not any longer once it is time to end. */
    void await(Stop stop) throws InterruptedException {
        long deadline = clock.ticks() + LIMIT.toNanos();
        List<Path> untried = engine.untried();
        boolean isTimeToEnd = false;
        while (!untried.isEmpty() && clock.ticks() - deadline < 0 && !isTimeToEnd) {
            isTimeToEnd = stop.await(LOOK);
            untried = engine.untried();
        }
        if (!untried.isEmpty() && !isTimeToEnd) {
            LOG.warn(
                    "not followed yet after {} s: {}{}; the application does not wait for that any longer",
                    LIMIT.toSeconds(),
                    untried.subList(0, Math.min(NAMED_DATABASES, untried.size())),
                    untried.size() > NAMED_DATABASES ? " and " + (untried.size() - NAMED_DATABASES) + " more" : "");
        }
    }
}
