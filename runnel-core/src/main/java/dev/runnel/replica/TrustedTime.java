package dev.runnel.replica;

import dev.runnel.platform.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The time that deleting goes by. A wall clock that is fast would make everything look old, so this one never runs ahead
 * of what is known: it starts at the newest time in the history when that was first looked at, or, where times in it are
 * half a day apart, before that gap, for nobody can tell a quiet day from a clock that was set a day ahead. It goes on
 * with the time that passes. It is the wall clock where that is earlier, and where that has gone without a jump for so
 * long that all that is to be kept was written by it.
 */
public final class TrustedTime {
    /** A wall clock that is set right by less has not jumped. */
    private static final Duration JUMP = Duration.ofMinutes(1);

    private static final Duration GAP = Duration.ofHours(12);

    private final Clock clock;
    private final long trial;
    private Optional<Instant> start = Optional.empty();
    private Optional<Instant> time = Optional.empty();
    private long ticks;
    private long offset;
    private long steadySince;

    /** @param kept how far back anything is to be kept */
    public TrustedTime(Clock clock, Duration kept) {
        this.clock = clock;
        this.trial = kept.toNanos();
        this.ticks = clock.ticks();
        this.steadySince = ticks;
        this.offset = offset();
    }

    /**
     * The times in the history as of a look at it. The first look starts it. Another one can show that it started too late,
     * where the first did not show all there was before the start.
     */
    public void startAt(Collection<Instant> times) {
        Optional<Instant> found = beforeGap(times);
        if (start.isEmpty()) {
            time = found;
            ticks = clock.ticks();
        } else {
            Duration late = Duration.between(found.orElseThrow(), start.get());
            time = time.map(trusted -> trusted.minus(late));
        }
        start = found;
    }

    private Optional<Instant> beforeGap(Collection<Instant> times) {
        Optional<Instant> last = Optional.empty();
        Stream<Instant> known = times.stream().filter(each -> start.isEmpty() || each.isBefore(start.get()));
        for (Instant next : Stream.concat(known, start.stream()).sorted().toList()) {
            if (last.isPresent() && next.isAfter(last.get().plus(GAP))) {
                break;
            }
            last = Optional.of(next);
        }
        return last;
    }

    /** Empty before the start. To be asked every hour or so, or a jump and its undoing pass unseen. */
    public Optional<Instant> now() {
        long before = ticks;
        ticks = clock.ticks();
        if (Math.abs(offset() - offset) > JUMP.toMillis()) {
            steadySince = ticks;
        }
        offset = offset();
        time = time.map(trusted -> earlier(trusted.plusNanos(ticks - before)));
        return time;
    }

    private Instant earlier(Instant passed) {
        Instant wall = clock.now();
        return wall.isBefore(passed) || ticks - steadySince >= trial ? wall : passed;
    }

    private long offset() {
        return clock.now().toEpochMilli() - clock.ticks() / 1_000_000;
    }
}
