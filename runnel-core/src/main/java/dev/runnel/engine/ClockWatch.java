package dev.runnel.engine;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when the wall clock was set, as the times of the change sets of one database show it. */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** By so much the clock may gain on the time that has passed before it is worth a line. */
    private static final Duration GAIN = Duration.ofMinutes(1);

    private final Path database;
    private final Clock clock;
    private Txid txid;
    private Instant time;
    private long ticks;

    /** Whether the time that has passed since the last change set is known. */
    private boolean isRunning;

    /**
     * Begins with what is there.
     *
     * @param txid the newest, which an earlier run may have made
     * @param time its time
     */
    ClockWatch(Path database, Clock clock, Txid txid, Instant time) {
        this.database = database;
        this.clock = clock;
        this.txid = txid;
        this.time = time;
    }

    /** There is a new change set. */
    void closed(Txid newest, Instant at) {
        if (at.isBefore(time)) {
            LOG.warn(
                    "{}: the clock was set back by {}: TXID {} has the time {}, TXID {} before it has {}. No data is"
                            + " affected. Runnel refuses to restore to a time that the clock showed twice or skipped;"
                            + " restore -txid restores every state. Check the time synchronisation of this machine.",
                    database,
                    text(Duration.between(at, time)),
                    newest,
                    at,
                    txid,
                    time);
        } else if (isRunning) {
            tellIfAhead(newest, at);
        }
        txid = newest;
        time = at;
        ticks = clock.ticks();
        isRunning = true;
    }

    private void tellIfAhead(Txid newest, Instant at) {
        Duration gain = Duration.between(time, at).minusNanos(clock.ticks() - ticks);
        if (gain.compareTo(GAIN) > 0) {
            LOG.info(
                    "{}: the clock went forward by {} before TXID {}, which has the time {}: it was set, or this machine"
                            + " was suspended. No action needed if the time is right.",
                    database,
                    text(gain),
                    newest,
                    at);
        }
    }

    private static String text(Duration duration) {
        if (duration.toDays() > 1) {
            return duration.toDays() + " days";
        }
        return duration.toMinutes() > 1 ? duration.toMinutes() + " minutes" : duration.toMillis() + " ms";
    }
}
