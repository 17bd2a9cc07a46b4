package dev.runnel.capture;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.RunnelException;
import java.io.Closeable;
import java.io.IOException;

/**
 * The database as of one TXID, read in page order, in chunks between hand-overs, while capture continues. It takes no
 * lock of its own: before a newly captured page becomes the newest, its old version is set aside if it is still ahead
 * of the cursor; when the database shrinks, so are all pages that are cut off. So at most the pages that changed
 * meanwhile are kept.
 *
 * <p>Used by the thread that captures.
 */
final class StableImage implements Closeable {
    private final PageSize pageSize;
    private final int pageCount;
    private final PageFilter wanted;
    private final PageStore kept;
    private final long keptLimit;
    private final byte[] oneVersion;
    private int next = 1;

    /**
     * An image as of now.
     *
     * @param kept an empty store for old versions
     * @param keptLimit bytes of old versions past which the image gives up
     */
    StableImage(PageSize pageSize, int pageCount, PageFilter wanted, PageStore kept, long keptLimit) {
        this.pageSize = pageSize;
        this.pageCount = pageCount;
        this.wanted = wanted;
        this.kept = kept;
        this.keptLimit = keptLimit;
        this.oneVersion = new byte[pageSize.bytes()];
    }

    int pageCount() {
        return pageCount;
    }

    /** A newer version of a page is about to become the newest. */
    void keep(int page, PinnedPages pages) throws IOException {
        if (page < next
                || page > pageCount
                || page == pageSize.lockPage()
                || kept.contains(page)
                || !wanted.includes(page)) {
            return;
        }
        if (kept.bytes() >= keptLimit) {
            throw new OutOfRoom(keptLimit);
        }
        pages.read(page, oneVersion, 0);
        kept.put(page, oneVersion, 0);
    }

    /** The database shrinks from one size to another; what is cut off is about to be gone. */
    void keepCutOff(int newPageCount, int oldPageCount, PinnedPages pages) throws IOException {
        for (int page = Math.max(next, newPageCount + 1); page <= Math.min(pageCount, oldPageCount); page++) {
            keep(page, pages);
        }
    }

    /** Reads the next pages; an empty chunk means the end. */
    void read(PinnedPages pages, PageChunk chunk) throws IOException {
        chunk.clear();
        while (next <= pageCount && chunk.room() > 0) {
            if (next == pageSize.lockPage() || !wanted.includes(next)) {
                next++;
                continue;
            }
            int run = runFromFile(pages, chunk.room());
            if (run > 0) {
                pages.readRun(next, run, chunk.data(), chunk.end());
            } else {
                run = 1;
                if (kept.contains(next)) {
                    kept.read(next, chunk.data(), chunk.end());
                } else {
                    pages.read(next, chunk.data(), chunk.end());
                }
            }
            chunk.added(next, run);
            next += run;
        }
    }

    private int runFromFile(PinnedPages pages, int atMost) throws IOException {
        int limit = Math.min(atMost, pageCount - next + 1);
        if (next < pageSize.lockPage()) {
            limit = Math.min(limit, pageSize.lockPage() - next);
        }
        int run = pages.runInFile(next, limit);
        for (int i = 0; i < run; i++) {
            if (kept.contains(next + i) || !wanted.includes(next + i)) {
                return i;
            }
        }
        return run;
    }

    @Override
    public void close() throws IOException {
        try (wanted) {
            kept.close();
        }
    }

    /** More changed while the image was read than there is room for. */
    static final class OutOfRoom extends RunnelException {
        private static final long serialVersionUID = 1L;

        OutOfRoom(long limit) {
            super(
                    "more than " + limit + " bytes changed while a snapshot of the database was read",
                    "Runnel starts the snapshot again. If this repeats, the replica is too slow for this database.",
                    null);
        }
    }
}
