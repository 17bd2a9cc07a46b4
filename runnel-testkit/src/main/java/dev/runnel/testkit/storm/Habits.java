package dev.runnel.testkit.storm;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How one writer behaves.
 *
 * @param autocheckpoint SQLite's {@code wal_autocheckpoint}, in frames; 0 for never
 * @param synchronous SQLite's {@code synchronous}: OFF, NORMAL, FULL
 * @param longestPauseMillis a writer pauses after most transactions, for up to this long
 * @param journal SQLite's {@code journal_mode} that each of its connections asks for, if it asks for any
 * @param also what it does beside committing
 */
public record Habits(
        int autocheckpoint, String synchronous, int longestPauseMillis, Optional<String> journal, Set<Habit> also) {
    public Habits {
        also = Set.copyOf(also);
    }

    /** Everything at once, with SQLite's usual automatic checkpoint. */
    public static Habits all() {
        return new Habits(1000, "off", 20, Optional.empty(), EnumSet.allOf(Habit.class));
    }

    /** Commits only: what it takes to have something to replicate. */
    public static Habits commitsOnly() {
        return new Habits(1000, "off", 20, Optional.empty(), Set.of());
    }

    public Habits autocheckpoint(int frames) {
        return new Habits(frames, synchronous, longestPauseMillis, journal, also);
    }

    public Habits synchronous(String level) {
        return new Habits(autocheckpoint, level, longestPauseMillis, journal, also);
    }

    public Habits journal(String mode) {
        return new Habits(autocheckpoint, synchronous, longestPauseMillis, Optional.of(mode), also);
    }

    public Habits longestPauseMillis(int millis) {
        return new Habits(autocheckpoint, synchronous, millis, journal, also);
    }

    public Habits without(Habit habit) {
        EnumSet<Habit> rest = EnumSet.noneOf(Habit.class);
        rest.addAll(also);
        rest.remove(habit);
        return new Habits(autocheckpoint, synchronous, longestPauseMillis, journal, rest);
    }
}
