package dev.runnel.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the times in a history say, where the order of its states is known for certain and its times are what a wall clock
 * showed. Where a later state has an earlier time, the clock was wrong on one of the two sides.
 *
 * <p>The clock of the newest state is taken for right. Of all sets of states that end with the newest and whose times do
 * not decrease, the one that stands for most change sets is trusted. The time of every other state is unknown: it lies
 * between those of the trusted states around it. Nothing here asks a clock.
 */
public final class Chronology {
    private static final int NONE = -1;

    /** Clocks are adjusted by so much, and files are copied within so much, without anything being wrong. */
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private final Instant[] times;
    private final boolean[] trusted;
    private final boolean isConsistent;

    /** For each state itself or the nearest trusted one before it and after it. */
    private final int[] before;

    private final int[] after;

    private final Instant[] trustedTimes;

    /**
     * A state of the history.
     *
     * @param time what the clock showed
     * @param weight for how many change sets it stands
     */
    public record State(Instant time, long weight) {}

    /**
     * Why a time cannot be answered: the clock showed that time, or skipped it, while it was wrong.
     *
     * @param first the first of the states whose times are not trusted
     * @param last the last of them
     * @param before the last trusted state before them, if there is one
     * @param after the first trusted state after them
     */
    public record Conflict(int first, int last, Optional<Integer> before, int after) {}

    private Chronology(Instant[] times, boolean[] trusted, boolean isConsistent) {
        this.times = times;
        this.trusted = trusted;
        this.isConsistent = isConsistent;
        this.before = new int[times.length];
        this.after = new int[times.length];
        for (int i = 0; i < times.length; i++) {
            int previous = i == 0 ? NONE : before[i - 1];
            before[i] = trusted[i] ? i : previous;
        }
        for (int i = times.length - 1; i >= 0; i--) {
            after[i] = trusted[i] ? i : after[i + 1];
        }
        this.trustedTimes = IntStream.range(0, times.length)
                .filter(i -> trusted[i])
                .mapToObj(i -> times[i])
                .toArray(Instant[]::new);
    }

    /** @param states in the order in which they were made, oldest first */
    public static Chronology of(List<State> states) {
        Instant[] times = states.stream().map(State::time).toArray(Instant[]::new);
        boolean[] trusted = new boolean[times.length];
        boolean isConsistent = isAscending(times);
        if (isConsistent) {
            Arrays.fill(trusted, true);
        } else {
            new Search(times, states.stream().mapToLong(State::weight).toArray()).mark(trusted);
        }
        return new Chronology(times, trusted, isConsistent);
    }

    private static boolean isAscending(Instant[] times) {
        Instant earliest = Instant.MIN;
        for (Instant time : times) {
            if (time.isBefore(earliest)) {
                return false;
            }
            Instant tolerated = time.minus(TOLERANCE);
            earliest = tolerated.isAfter(earliest) ? tolerated : earliest;
        }
        return true;
    }

    /** Whether no later state has an earlier time, but for what an adjustment of the clock explains. */
    public boolean isConsistent() {
        return isConsistent;
    }

    /** The earliest time at which a state certainly existed: its own, or that of the next trusted state. */
    public Instant existedAt(int state) {
        return times[after[state]];
    }

    /** The same for a copy of a state with a time of its own, which may be later than the state. */
    public Instant existedAt(int state, Instant own) {
        if (!trusted[state] || state == times.length - 1) {
            return trusted[state] ? own : existedAt(state);
        }
        Instant next = existedAt(state + 1);
        return next.isBefore(own) ? next : own;
    }

    /** Every run of states whose times are not trusted, oldest first. */
    public List<Conflict> conflicts() {
        return IntStream.range(0, times.length)
                .filter(i -> !trusted[i] && (i == 0 || trusted[i - 1]))
                .mapToObj(this::around)
                .toList();
    }

    /** The run of states around one whose time is not trusted. */
    private Conflict around(int state) {
        Optional<Integer> last = before[state] == NONE ? Optional.empty() : Optional.of(before[state]);
        return new Conflict(before[state] + 1, after[state] - 1, last, after[state]);
    }

    /** Why the state of a time is unknown; empty if the trusted times determine it. */
    public Optional<Conflict> conflict(Instant time) {
        for (int i = 0; i < times.length && !isConsistent; i++) {
            if (!trusted[i] && (mayHaveBeenMadeBy(i, time) || wasShownAt(i, time))) {
                return Optional.of(around(i));
            }
        }
        return Optional.empty();
    }

    /** Whether a state whose time is unknown may, or may not, have existed at a time. */
    private boolean mayHaveBeenMadeBy(int state, Instant time) {
        boolean isAfterTrusted = before[state] == NONE || time.isAfter(times[before[state]]);
        return isAfterTrusted && time.isBefore(existedAt(state));
    }

    /** Whether the clock showed a time while it was wrong: an operator who read it then means another state. */
    private boolean wasShownAt(int state, Instant time) {
        Instant own = times[state];
        Instant newest = times[times.length - 1];
        if (time.isBefore(own)) {
            return false;
        }
        if (own.isAfter(newest) || time.equals(own)) {
            return true;
        }
        Instant next = times[state + 1];
        boolean isBetween = !trusted[state + 1] && !next.isBefore(time) && !next.isAfter(newest);
        return isBetween || (own.isAfter(existedAt(state)) && time.isBefore(trustedPast(own)));
    }

    /** The first trusted time that is later than another, which is not later than the newest. */
    private Instant trustedPast(Instant time) {
        int low = 0;
        int high = trustedTimes.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (trustedTimes[middle].isAfter(time)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == trustedTimes.length ? Instant.MAX : trustedTimes[low];
    }

    /** The heaviest set of states with non-decreasing times that ends with the newest state. */
    private static final class Search {
        private final Instant[] times;
        private final long[] weights;
        private final Instant[] ranked;

        /** For each range of ranks of a binary indexed tree: the state with the heaviest set that ends there, or -1. */
        private final int[] best;

        private final long[] weightOf;
        private final int[] previous;

        Search(Instant[] times, long[] weights) {
            this.times = times;
            this.weights = weights;
            this.ranked = Arrays.stream(times).sorted().distinct().toArray(Instant[]::new);
            this.best = new int[ranked.length + 1];
            this.weightOf = new long[times.length];
            this.previous = new int[times.length];
            Arrays.fill(best, -1);
        }

        void mark(boolean[] trusted) {
            for (int i = 0; i < times.length; i++) {
                int rank = Arrays.binarySearch(ranked, times[i]) + 1;
                previous[i] = heaviestUpTo(rank);
                weightOf[i] = weights[i] + (previous[i] < 0 ? 0 : weightOf[previous[i]]);
                enter(rank, i);
            }
            for (int i = times.length - 1; i >= 0; i = previous[i]) {
                trusted[i] = true;
            }
        }

        private int heaviestUpTo(int rank) {
            int found = -1;
            for (int i = rank; i > 0; i -= i & -i) {
                found = heavier(found, best[i]);
            }
            return found;
        }

        private void enter(int rank, int state) {
            for (int i = rank; i < best.length; i += i & -i) {
                best[i] = heavier(best[i], state);
            }
        }

        /** Of equally heavy ones the later time: a clock that lost its time shows one long past. */
        private int heavier(int one, int other) {
            if (one < 0 || other < 0) {
                return Math.max(one, other);
            }
            if (weightOf[one] != weightOf[other]) {
                return weightOf[one] > weightOf[other] ? one : other;
            }
            return times[one].isAfter(times[other]) ? one : other;
        }
    }
}
