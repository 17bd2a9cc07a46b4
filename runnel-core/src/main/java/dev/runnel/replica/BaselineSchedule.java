package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;

/** When a database that changes gets its next baseline. A wall clock that is set back does not put it off. */
public final class BaselineSchedule {
    private final Duration interval;
    private final Clock clock;
    private Txid newest = Txid.NONE;
    private long knownSince;

    public BaselineSchedule(Duration interval, Clock clock) {
        this.interval = interval;
        this.clock = clock;
    }

    /** How long until the next baseline, zero or less if it is due, given the newest one. */
    public Duration untilNext(Txid baseline, Instant time) {
        if (!baseline.equals(newest)) {
            newest = baseline;
            knownSince = clock.ticks();
        }
        Duration byClock = Duration.between(clock.now(), time.plus(interval));
        Duration byTicks = Duration.ofNanos(Math.max(0, knownSince + interval.toNanos() - clock.ticks()));
        return byClock.compareTo(byTicks) < 0 ? byClock : byTicks;
    }
}
