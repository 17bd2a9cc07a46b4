package dev.runnel.engine;

import java.nio.file.Path;
import java.util.Map;

/**
 * Files and database of a machine.
 *
 * @param states what they have been
 * @param lineage of the history in the files
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MachineCopy(Map<Path, byte[]> files, byte[] content, CapturedStates states, long lineage) {}
