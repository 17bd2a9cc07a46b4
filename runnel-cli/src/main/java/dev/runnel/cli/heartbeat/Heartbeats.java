package dev.runnel.cli.heartbeat;

import dev.runnel.cli.config.HeartbeatConfig;
import dev.runnel.engine.Engine;
import dev.runnel.engine.Engine.DatabaseStatus;
import dev.runnel.platform.Clock;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All heartbeats of a configuration, on a thread of their own. */
public final class Heartbeats implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration LONGEST_PING = Duration.ofSeconds(30);

    private final Engine engine;
    private final HttpPinger pinger = new HttpPinger(LONGEST_PING, new EnvironmentProxies(System.getenv()));
    private final List<Heartbeat> heartbeats;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());

    private boolean hasFailed;

    private Heartbeats(List<HeartbeatConfig> configs, Engine engine, Clock clock) {
        this.engine = engine;
        heartbeats = configs.stream()
                .map(config -> new Heartbeat(config, engine::lag, pinger, clock))
                .toList();
    }

    /** Begins; without a heartbeat in the configuration there is nothing to begin. */
    public static Closeable start(List<HeartbeatConfig> configs, Engine engine, Clock clock) {
        if (configs.isEmpty()) {
            return () -> {};
        }
        Heartbeats started = new Heartbeats(configs, engine, clock);
        var _ = started.timer.scheduleWithFixedDelay(started::step, 1, 1, TimeUnit.SECONDS);
        return started;
    }

    /** An exception would end the schedule. It is said once: the next step is a second later. */
    private void step() {
        try {
            List<DatabaseStatus> status = engine.status();
            heartbeats.forEach(heartbeat -> heartbeat.step(status));
        } catch (RuntimeException e) {
            if (!hasFailed) {
                LOG.error("no heartbeat is sent because of an internal error; report it with this stack", e);
            }
            hasFailed = true;
        }
    }

    /** Ends what is under way, and does not wait for it. */
    @Override
    public void close() {
        timer.shutdownNow();
        pinger.close();
    }
}
