package dev.runnel.sqlite;

import java.io.IOException;

/** Receives frames of a WAL, in order. */
@FunctionalInterface
public interface FrameSink {
    /**
     * Takes one frame.
     *
     * @param number the frame's number, from 1
     * @param page the page number it holds
     * @param databaseSize for a commit frame the size of the database in pages after it, else 0
     * @param data holds the page from {@code offset} on; the callee must not keep it
     */
    void frame(int number, int page, int databaseSize, byte[] data, int offset) throws IOException;
}
