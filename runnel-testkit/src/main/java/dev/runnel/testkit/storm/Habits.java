package dev.runnel.testkit.storm;

import java.util.EnumSet;
import java.util.Set;

/**
 * How one writer behaves.
 *
 * @param autocheckpoint SQLite's {@code wal_autocheckpoint}, in frames; 0 for never
 * @param synchronous SQLite's {@code synchronous}: OFF, NORMAL, FULL
 * @param longestPauseMillis a writer pauses after most transactions, for up to this long
 * @param also what it does beside committing
 */
public record Habits(int autocheckpoint, String synchronous, int longestPauseMillis, Set<Habit> also) {
    public Habits {
        also = Set.copyOf(also);
    }

    /** Everything at once, with SQLite's usual automatic checkpoint. */
    public static Habits all() {
        return new Habits(1000, "off", 20, EnumSet.allOf(Habit.class));
    }

    /** Commits only: what it takes to have something to replicate. */
    public static Habits commitsOnly() {
        return new Habits(1000, "off", 20, Set.of());
    }

    public Habits autocheckpoint(int frames) {
        return new Habits(frames, synchronous, longestPauseMillis, also);
    }

    public Habits synchronous(String level) {
        return new Habits(autocheckpoint, level, longestPauseMillis, also);
    }

    public Habits longestPauseMillis(int millis) {
        return new Habits(autocheckpoint, synchronous, millis, also);
    }

    public Habits without(Habit habit) {
        EnumSet<Habit> rest = EnumSet.noneOf(Habit.class);
        rest.addAll(also);
        rest.remove(habit);
        return new Habits(autocheckpoint, synchronous, longestPauseMillis, rest);
    }
}
