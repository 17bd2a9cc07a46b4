package dev.runnel.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health of one actor. A change is logged once; the same again is not. */
final class HealthLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.runnel.health");

    /** Nothing is known yet. */
    static final Health STARTING = new Health.Waiting("starting", "Runnel is looking at what is there.");

    private final String subject;
    private volatile Health now = STARTING;

    HealthLog(String subject) {
        this.subject = subject;
    }

    Health now() {
        return now;
    }

    void set(Health health) {
        if (health.equals(now)) {
            return;
        }
        boolean recovered = now instanceof Health.Degraded;
        now = health;
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
