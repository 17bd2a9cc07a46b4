package dev.runnel.replica.ltx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of a database already have their newest version, while the files of a plan are read from the newest to
 * the oldest. One bit per page for one window of the database at a time: a database with more pages than a window takes
 * several passes, so that memory stays within 16 MiB.
 */
final class ClaimedPages {
    /** Half a terabyte of usual pages. */
    static final int WINDOW = 1 << 27;

    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK_PAGES = 1 << CHUNK_SHIFT;

    private final int pageCount;
    private final int window;
    private final long[] @Nullable [] chunks;
    private int before;
    private int claimed;

    /** @param pageCount size of the database */
    ClaimedPages(int pageCount) {
        this(pageCount, WINDOW);
    }

    /** @param window pages in a window, a multiple of 65,536 */
    ClaimedPages(int pageCount, int window) {
        this.pageCount = pageCount;
        this.window = window;
        this.chunks = new long[(Math.min(pageCount, window) + CHUNK_PAGES - 1) >>> CHUNK_SHIFT][];
    }

    /** Claims a page of the window for the file that is being read; false if a newer file has it. */
    boolean claim(int page) {
        int bit = page - 1 - before;
        if (bit < 0 || page > last()) {
            return false;
        }
        long[] chunk = chunks[bit >>> CHUNK_SHIFT];
        if (chunk == null) {
            chunk = new long[CHUNK_PAGES / Long.SIZE];
            chunks[bit >>> CHUNK_SHIFT] = chunk;
        }
        int word = (bit & (CHUNK_PAGES - 1)) / Long.SIZE;
        long mask = 1L << bit;
        if ((chunk[word] & mask) != 0) {
            return false;
        }
        chunk[word] |= mask;
        claimed++;
        return true;
    }

    /** The first page of the window, but for one, that no file has; 0 if there is none. */
    int firstMissing(int lockPage) {
        boolean hasLockPage = lockPage > before && lockPage <= last();
        if (claimed == last() - before - (hasLockPage ? 1 : 0)) {
            return 0;
        }
        int page = before + 1;
        while (page == lockPage || isClaimed(page)) {
            page++;
        }
        return page;
    }

    /** Goes on to the next window; false if this was the last. */
    boolean nextWindow() {
        if (last() == pageCount) {
            return false;
        }
        before = last();
        claimed = 0;
        Arrays.fill(chunks, null);
        return true;
    }

    private boolean isClaimed(int page) {
        int bit = page - 1 - before;
        long[] chunk = chunks[bit >>> CHUNK_SHIFT];
        return chunk != null && (chunk[(bit & (CHUNK_PAGES - 1)) / Long.SIZE] & 1L << bit) != 0;
    }

    /** The last page of the window. */
    private int last() {
        return (int) Math.min(pageCount, (long) before + window);
    }
}
