package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * When a database that changes gets its next baseline. It is due when either the wall clock or the time for which Runnel ran
 * says so; a wall clock that was set while this process ran is not asked. So no clock puts a baseline off, and none makes all
 * databases of a machine write theirs at once.
 */
public final class BaselineSchedule {
    /** A wall clock that is adjusted by less was not set. */
    private static final Duration SET = Duration.ofMinutes(1);

    private final Duration interval;
    private final Clock clock;
    private long offset;
    private long steadySince;

    public BaselineSchedule(Duration interval, Clock clock) {
        this.interval = interval;
        this.clock = clock;
        this.offset = offset();
        this.steadySince = clock.ticks() - interval.toNanos();
    }

    /** How long until the next baseline, zero or less if it is due, given the newest one. */
    public synchronized Duration untilNext(Txid baseline, Instant time, TxidAges ages) {
        Duration byAge = interval.minus(ages.ageOf(baseline));
        Duration byClock = Duration.between(clock.now(), time.plus(interval));
        return isSteady() && byClock.compareTo(byAge) < 0 ? byClock : byAge;
    }

    private boolean isSteady() {
        long now = offset();
        if (Math.abs(now - offset) > SET.toMillis()) {
            steadySince = clock.ticks();
        }
        offset = now;
        return clock.ticks() - steadySince >= interval.toNanos();
    }

    private long offset() {
        return clock.now().toEpochMilli() - clock.ticks() / 1_000_000;
    }
}
