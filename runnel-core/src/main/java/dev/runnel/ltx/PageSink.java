package dev.runnel.ltx;

import java.io.IOException;

/** Receives pages. */
@FunctionalInterface
public interface PageSink {
    /**
     * Takes one page.
     *
     * @param number the page number, 1 and up, read as unsigned never being needed: databases end at 2^31-1 pages here
     * @param data holds the page from {@code offset} on, page size bytes; the callee must not keep it
     */
    void page(int number, byte[] data, int offset) throws IOException;
}
