package dev.runnel.replica;

/** What tells the age of a file when it is to be removed. */
public enum AgeSource {
    /** What cannot be wrong: the time for which Runnel ran since. See {@link TxidAges}. */
    TIME_PASSED,
    /** The wall clock and the times in the history, for an operator who asks for it. */
    WALL_CLOCK
}
