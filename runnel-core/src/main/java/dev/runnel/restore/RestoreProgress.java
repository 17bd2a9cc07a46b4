package dev.runnel.restore;

/** Follows a restore. */
@FunctionalInterface
public interface RestoreProgress {
    /**
     * Some more has been fetched. Called from several threads.
     *
     * @param fetched bytes so far; back at 0 when a restore has to start over
     * @param atMost what all files of the plan have; much of it may not be needed
     */
    void fetched(long fetched, long atMost);
}
