package dev.runnel.capture;

import dev.runnel.ledger.PageNumberSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** What was captured since the newest TXID: the newest version of each page, and the size of the database after it. */
public final class OpenChangeSet implements Closeable {
    private final Disk disk;
    private final Path scratch;
    private final PageStore pages;
    private final int lockPage;
    private int pageCount;
    private int smallest;
    private boolean touched;

    OpenChangeSet(Disk disk, Path scratch, PageSize pageSize) {
        this.disk = disk;
        this.scratch = scratch;
        this.pages = new PageStore(disk, scratch, pageSize.bytes());
        this.lockPage = pageSize.lockPage();
    }

    /** Starts again after a change set that left the database at a size. */
    void restart(int pageCountBefore) throws IOException {
        pages.clear();
        pageCount = pageCountBefore;
        smallest = pageCountBefore;
        touched = false;
    }

    void put(int page, byte[] data, int offset) throws IOException {
        pages.put(page, data, offset);
        touched = true;
    }

    /** A commit left the database at a size; pages beyond it are gone. */
    void setPageCount(int count) throws IOException {
        if (count < pageCount) {
            pages.removeAbove(count);
        }
        touched |= count != pageCount;
        pageCount = count;
        smallest = Math.min(smallest, count);
    }

    /** Whether nothing at all was captured. */
    boolean isUntouched() {
        return !touched;
    }

    int pageCount() {
        return pageCount;
    }

    boolean contains(int page) throws IOException {
        return pages.contains(page);
    }

    /** Gives the numbers of all pages in ascending order. Nothing may be captured before it returns. */
    void forEachPage(PageNumberSink sink) throws IOException {
        pages.forEachPage(sink);
    }

    /** Room for what is worked out from it, beside its own. */
    Scratch scratch(String what) {
        return Scratch.at(disk, scratch.resolveSibling(scratch.getFileName() + "-" + what));
    }

    void read(int page, byte[] into, int offset) throws IOException {
        pages.read(page, into, offset);
    }

    /**
     * SQLite writes every page it adds to the WAL. One that is missing was backfilled uncaptured, and then pages that
     * existed before may be missing too.
     *
     * @throws SourceException.Discontinuity if one is missing
     */
    void requireGrowthComplete() throws IOException {
        for (int page = smallest + 1; page <= pageCount; page++) {
            if (page != lockPage && !pages.contains(page)) {
                throw new SourceException.Discontinuity("page " + page + " was added to the database, which grew from "
                        + smallest + " to " + pageCount + " pages, and was not captured");
            }
        }
    }

    @Override
    public void close() throws IOException {
        pages.close();
    }
}
