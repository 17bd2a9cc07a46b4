package dev.runnel.engine;

import dev.runnel.platform.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how far a task is that takes longer than two seconds, every ten seconds, and that it is done. A shorter task logs
 * nothing. For one thread.
 */
final class LongTask {
    private static final Logger LOG = LoggerFactory.getLogger(LongTask.class);
    private static final Duration SILENT = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final long PERCENT = 100;

    private final Clock clock;
    private final String what;
    private final long total;
    private final String unit;
    private final long begun;
    private long nextAt;
    private boolean isTold;

    /**
     * A task begins now.
     *
     * @param what it is, and of which database, as in "snapshot of /data/app.db for /backup"
     * @param total units there are to do
     * @param unit what they are called, in the plural
     */
    LongTask(Clock clock, String what, long total, String unit) {
        this.clock = clock;
        this.what = what;
        this.total = total;
        this.unit = unit;
        this.begun = clock.ticks();
        this.nextAt = begun + SILENT.toNanos();
    }

    /** So many units are done. Returns whether that was logged. */
    boolean reached(long done) {
        long now = clock.ticks();
        if (now - nextAt < 0) {
            return false;
        }
        nextAt = now + INTERVAL.toNanos();
        isTold = true;
        LOG.info("{}: {} of {} {} ({} %) after {} s", what, done, total, unit, percent(done), seconds(now));
        return true;
    }

    /** All is done. Returns whether that was logged. */
    boolean done() {
        if (isTold) {
            LOG.info("{}: done after {} s", what, seconds(clock.ticks()));
        }
        return isTold;
    }

    private long percent(long done) {
        return total == 0 ? PERCENT : PERCENT * done / total;
    }

    private long seconds(long now) {
        return Duration.ofNanos(now - begun).toSeconds();
    }
}
