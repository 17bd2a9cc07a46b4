package dev.runnel.cli.heartbeat;

import dev.runnel.cli.config.HeartbeatConfig;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.platform.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Pings one URL at its interval while its databases are replicated. The log says once that pings have stopped, and why; and
 * once that they fail, until they fail in another way or succeed.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final HeartbeatConfig config;
    private final RecentSyncs syncs;
    private final Pinger pinger;
    private final Clock clock;
    private final long started;
    private OptionalLong lastPing = OptionalLong.empty();
    private CompletableFuture<Optional<String>> underWay = CompletableFuture.completedFuture(Optional.empty());
    private boolean isReported = true;
    private boolean isHeld;
    private Optional<String> lastFailure = Optional.empty();
    private long failures;

    Heartbeat(HeartbeatConfig config, RecentSyncs.Lags lags, Pinger pinger, Clock clock) {
        this.config = config;
        this.pinger = pinger;
        this.clock = clock;
        syncs = new RecentSyncs(lags, clock, config.interval());
        started = clock.ticks();
    }

    /** Does what is due, and never waits. */
    void step(List<DatabaseStatus> all) {
        reportPing();
        Optional<String> obstacle = obstacle(all);
        boolean intervalIsOver =
                clock.ticks() - lastPing.orElse(started) >= config.interval().toNanos();
        boolean isDue = (intervalIsOver || lastPing.isEmpty()) && underWay.isDone();
        if (isDue && obstacle.isEmpty()) {
            resume();
            lastPing = OptionalLong.of(clock.ticks());
            underWay = pinger.ping(config.url());
            isReported = false;
        } else if (intervalIsOver && obstacle.isPresent()) {
            hold(obstacle.get());
        }
    }

    /** Every database is asked about, so that it is known when each was last in order. */
    private Optional<String> obstacle(List<DatabaseStatus> all) {
        List<DatabaseStatus> counted = all.stream()
                .filter(status ->
                        config.database().isEmpty() || config.database().get().equals(status.path()))
                .toList();
        List<String> obstacles = counted.stream()
                .flatMap(status -> syncs.obstacle(status).stream())
                .toList();
        return counted.isEmpty()
                ? Optional.of("no database is followed")
                : obstacles.stream().findFirst();
    }

    private void hold(String obstacle) {
        if (!isHeld) {
            isHeld = true;
            about(LOG.atWarn()).log("no heartbeat is sent: {}. Heartbeats resume when that is over.", obstacle);
        }
    }

    private void resume() {
        if (isHeld) {
            isHeld = false;
            about(LOG.atInfo()).log("heartbeats resume");
        }
    }

    private void reportPing() {
        if (isReported || !underWay.isDone()) {
            return;
        }
        isReported = true;
        Optional<String> failure = underWay.join();
        if (failure.isEmpty()) {
            about(LOG.atDebug()).log("heartbeat sent");
            if (failures > 0) {
                about(LOG.atInfo()).addKeyValue("failures", failures).log("heartbeats are delivered again");
            }
            failures = 0;
        } else {
            failures++;
            if (!failure.equals(lastFailure)) {
                about(LOG.atWarn())
                        .log(
                                "heartbeat ping failed: {}. Runnel tries again every {} s and does not repeat this message."
                                        + " Check \"heartbeat-url\" and the network.",
                                failure.get(),
                                config.interval().toSeconds());
            }
        }
        lastFailure = failure;
    }

    private LoggingEventBuilder about(LoggingEventBuilder event) {
        LoggingEventBuilder named = event.addKeyValue("url", config.shownUrl());
        return config.database().map(path -> named.addKeyValue("db", path)).orElse(named);
    }
}
