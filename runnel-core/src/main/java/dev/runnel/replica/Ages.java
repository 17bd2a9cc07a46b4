package dev.runnel.replica;

/** What the age of a file is told by when it is to be removed. */
public enum Ages {
    /** What cannot be wrong: the time that has passed while we looked. See {@link TrustedTime}. */
    TIME_PASSED,
    /** The wall clock, for somebody who looks at it themselves. */
    WALL_CLOCK
}
