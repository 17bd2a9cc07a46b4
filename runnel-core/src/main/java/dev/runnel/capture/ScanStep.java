package dev.runnel.capture;

import dev.runnel.sqlite.FileState;

/** The outcome of one step of reading a whole database in rollback mode. */
public sealed interface ScanStep {
    /** There is more to be read. */
    record UnderWay() implements ScanStep {}

    /** Somebody committed since the step before: what was read is void. */
    record Interrupted() implements ScanStep {}

    /**
     * Every page was read as of one commit.
     *
     * @param state of the file at that commit
     * @param pageCount size of the database in pages
     */
    record Complete(FileState state, int pageCount) implements ScanStep {}
}
