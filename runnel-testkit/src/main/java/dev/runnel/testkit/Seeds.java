package dev.runnel.testkit;

import java.time.Duration;

/**
 * Where randomness and length of a test come from. {@code -Drunnel.seed=N} sets the seed, {@code -Drunnel.rounds=N} and
 * {@code -Drunnel.seconds=N} the length, {@code -Drunnel.failures=N} after how many failures a simulation ends. The build has a seed of its own, so that each run does the same; without any a fresh
 * one is drawn. It is printed, so that the run can be replayed.
 */
public final class Seeds {
    private Seeds() {}

    /** The seed of a test, printed with the test's name. */
    public static long of(String test) {
        String given = System.getProperty("runnel.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() & 0xffff_ffffL : Long.parseLong(given);
        System.out.println(test + ": seed " + seed + ", replay with -Drunnel.seed=" + seed);
        return seed;
    }

    /** How many rounds to do: the property, else what suits CI. */
    public static int rounds(int otherwise) {
        return Integer.getInteger("runnel.rounds", otherwise);
    }

    /** Whether a simulation that collects its failures ends now: the property, else never. */
    public static boolean isEnough(int failures) {
        return failures >= Integer.getInteger("runnel.failures", Integer.MAX_VALUE);
    }

    /** How long to go on: the property, else what suits CI. */
    public static Duration duration(Duration otherwise) {
        return Duration.ofSeconds(Long.getLong("runnel.seconds", otherwise.toSeconds()));
    }
}
