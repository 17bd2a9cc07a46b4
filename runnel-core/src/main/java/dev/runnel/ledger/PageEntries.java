package dev.runnel.ledger;

import java.io.IOException;

/** The pages of one change set by number and checksum. They can be iterated more than once. */
@FunctionalInterface
public interface PageEntries {
    /** Gives every page in ascending order, the lock page left out. */
    void forEach(Sink sink) throws IOException;

    /** Receives the entries. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes one page.
         *
         * @param page its number, 1 and up
         * @param checksum as {@link dev.runnel.ltx.Checksums#page} gives it
         */
        void entry(int page, long checksum) throws IOException;
    }
}
