package dev.runnel.capture;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import java.io.IOException;
import java.util.Arrays;

/** The pages of a change set that really differ from the ledger, in ascending order, with their checksums. */
final class ChangedPages implements PageEntries {
    /** Taking in so many is a matter of a millisecond. */
    private static final int PAGES_AT_ONCE = 64;

    private final PageSize pageSize;
    private final int[] pages;
    private final long[] checksums;

    private ChangedPages(PageSize pageSize, int[] pages, long[] checksums) {
        this.pageSize = pageSize;
        this.pages = pages;
        this.checksums = checksums;
    }

    static ChangedPages none(PageSize pageSize) {
        return new ChangedPages(pageSize, new int[0], new long[0]);
    }

    static ChangedPages of(OpenChangeSet open, Ledger ledger, PageSize pageSize, Meanwhile meanwhile)
            throws IOException {
        int[] pages = open.sortedPages();
        long[] checksums = new long[pages.length];
        byte[] data = new byte[pageSize.bytes()];
        int kept = 0;
        for (int i = 0; i < pages.length; i++) {
            goOn(meanwhile, i);
            int page = pages[i];
            if (page > open.pageCount() || page == pageSize.lockPage()) {
                continue;
            }
            open.read(page, data, 0);
            long checksum = Checksums.page(page, data, 0, pageSize.bytes());
            // A page that is new to the database always counts: a merge relies on growth being complete.
            if (!ledger.agrees(page, checksum)) {
                pages[kept] = page;
                checksums[kept++] = checksum;
            }
        }
        return new ChangedPages(pageSize, Arrays.copyOf(pages, kept), Arrays.copyOf(checksums, kept));
    }

    private static void goOn(Meanwhile meanwhile, int done) throws IOException {
        if ((done + 1) % PAGES_AT_ONCE == 0) {
            meanwhile.goOn();
        }
    }

    boolean isEmpty() {
        return pages.length == 0;
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        for (int i = 0; i < pages.length; i++) {
            sink.entry(pages[i], checksums[i]);
        }
    }

    /** Gives the pages with their data. */
    void readFrom(OpenChangeSet open, PageSink sink, Meanwhile meanwhile) throws IOException {
        byte[] data = new byte[pageSize.bytes()];
        for (int i = 0; i < pages.length; i++) {
            goOn(meanwhile, i);
            open.read(pages[i], data, 0);
            sink.page(pages[i], data, 0);
        }
    }
}
