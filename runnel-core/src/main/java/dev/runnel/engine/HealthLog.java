package dev.runnel.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health of one actor. A change is logged once; the same again is not. */
final class HealthLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.runnel.health");

    /** Nothing is known yet. */
    static final Health STARTING = new Health.Waiting("starting", "No action needed.");

    private final String subject;
    private final BiConsumer<Health, Health> told;
    private volatile Health now = STARTING;

    /** @param told what it was and what it is, at each change */
    private HealthLog(String subject, BiConsumer<Health, Health> told) {
        this.subject = subject;
        this.told = told;
    }

    /** Of a database. */
    static HealthLog of(Path database, EngineListener listener) {
        return new HealthLog(
                database.toString(), (before, now) -> listener.changed(database, Optional.empty(), before, now));
    }

    /** Of a replica of a database. */
    static HealthLog of(Path database, String replica, EngineListener listener) {
        return new HealthLog(
                database + " at " + replica,
                (before, now) -> listener.changed(database, Optional.of(replica), before, now));
    }

    Health now() {
        return now;
    }

    void set(Health health) {
        if (health.equals(now)) {
            return;
        }
        Health before = now;
        boolean recovered = before instanceof Health.Degraded;
        now = health;
        told.accept(before, health);
        switch (health) {
            case Health.Healthy() -> {
                if (recovered) {
                    LOG.info("{}: healthy again", subject);
                }
            }
            case Health.Working(String reason, String nextStep) -> LOG.info("{}: {}. {}", subject, reason, nextStep);
            case Health.Waiting(String reason, String nextStep) ->
                LOG.warn("{}: waiting: {}. {}", subject, reason, nextStep);
            case Health.Degraded(String reason, String nextStep) ->
                LOG.warn("{}: degraded: {}. {}", subject, reason, nextStep);
            case Health.Stopped(String reason, String nextStep) ->
                LOG.error("{}: stopped: {}. {}", subject, reason, nextStep);
        }
    }
}
