package dev.runnel.ltx;

/** The page size of a database in bytes: a power of two from 512 to 65536. */
public record PageSize(int bytes) {
    private static final int SMALLEST = 512;
    private static final int LARGEST = 65536;
    private static final int LOCK_BYTE = 0x40000000;

    public PageSize {
        if (!isValid(bytes)) {
            throw new IllegalArgumentException("a page size is a power of two from 512 to 65536, found " + bytes);
        }
    }

    public static boolean isValid(int bytes) {
        return bytes >= SMALLEST && bytes <= LARGEST && Integer.bitCount(bytes) == 1;
    }

    /** The number of the page that holds the byte SQLite locks, at 1 GiB. It has no content and is never stored. */
    public int lockPage() {
        return LOCK_BYTE / bytes + 1;
    }

    /** The longest LZ4 block that one page can give. */
    public int maxCompressedSize() {
        return bytes + bytes / 255 + 16;
    }

    /** How many pages of a database of so many pages are stored: all but the lock page. */
    public int storedPages(int pageCount) {
        return pageCount >= lockPage() ? pageCount - 1 : pageCount;
    }

    @Override
    public String toString() {
        return Integer.toString(bytes);
    }
}
