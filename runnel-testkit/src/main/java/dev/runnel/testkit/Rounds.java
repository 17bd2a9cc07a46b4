package dev.runnel.testkit;

import java.util.Random;

/**
 * Repeats a randomised test with a new seed each round. A round that fails says its seed; {@code -Drunnel.seed=N} runs
 * that round alone, and {@code -Drunnel.rounds=N} sets the number of rounds.
 */
public final class Rounds {
    private static final String SEED = "runnel.seed";
    private static final String ROUNDS = "runnel.rounds";

    /** One round. All that is random in it comes from the seed. */
    @FunctionalInterface
    public interface Round {
        void run(long seed) throws Exception;
    }

    private Rounds() {}

    /** Runs so many rounds, unless the system properties say otherwise. */
    @SuppressWarnings("SystemOut")
    public static void run(int usual, Round round) throws Exception {
        Long only = Long.getLong(SEED);
        if (only != null) {
            runOne(only, round);
            return;
        }
        long first = new Random().nextLong() >>> 16;
        int rounds = Integer.getInteger(ROUNDS, usual);
        System.out.printf("seeds %d to %d%n", first, first + rounds - 1);
        for (long seed = first; seed < first + rounds; seed++) {
            runOne(seed, round);
        }
    }

    private static void runOne(long seed, Round round) throws Exception {
        try {
            round.run(seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
        }
    }
}
