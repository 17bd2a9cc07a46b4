package dev.runnel.ltx;

/**
 * Where a file holds a page.
 *
 * @param number the page number
 * @param offset of the page's frame in the file
 * @param size of the frame in bytes
 */
public record PageEntry(int number, long offset, int size) {
    /** Where the next frame starts. */
    public long end() {
        return offset + size;
    }
}
