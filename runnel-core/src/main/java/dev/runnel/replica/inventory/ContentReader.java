package dev.runnel.replica.inventory;

import java.io.IOException;

/**
 * Reads objects to see whether they are what their names say. An object that is gone counts as damaged. A store that
 * cannot be read is an error and never a finding.
 */
public interface ContentReader {
    /** Reads an object from its first to its last byte. Memory does not depend on its size. */
    Finding readWhole(HistoryObject object) throws IOException;

    /** Reads the header of an object and its end, which one that was cut short lacks. */
    Finding readEnds(HistoryObject object) throws IOException;
}
