package dev.runnel.testkit;

/**
 * Repeats a randomised test with another seed each round. A round that fails says its seed; {@code -Drunnel.seed=N
 * -Drunnel.rounds=1} then runs that round alone.
 */
public final class Rounds {
    /** One round. All that is random in it comes from the seed. */
    @FunctionalInterface
    public interface Round {
        void run(long seed) throws Exception;
    }

    private Rounds() {}

    /**
     * Runs rounds one after the other.
     *
     * @param test its name
     * @param otherwise how many rounds suit CI; see {@link Seeds#rounds}
     */
    public static void run(String test, int otherwise, Round round) throws Exception {
        long first = Seeds.of(test);
        int rounds = Seeds.rounds(otherwise);
        for (long seed = first; seed < first + rounds; seed++) {
            try {
                round.run(seed);
            } catch (Exception | AssertionError e) {
                String replay = "-Drunnel.seed=" + seed + " -Drunnel.rounds=1";
                String life = " fails in life " + (seed - first + 1) + ", with ";
                throw new AssertionError(test + life + replay + ": " + e.getMessage(), e);
            }
        }
    }
}
