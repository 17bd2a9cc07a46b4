package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.PageEntries;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import java.io.Closeable;
import java.io.IOException;

/** The pages of a change set that really differ from the ledger, in ascending order, with their checksums. */
final class ChangedPages implements PageEntries, Closeable {
    /** Taking in so many is a matter of a millisecond. */
    private static final int PAGES_AT_ONCE = 64;

    private final OpenChangeSet open;
    private final PageSize pageSize;
    private final ProgressHook hook;
    private final PageEntryList entries;
    private int sinceLast;

    private ChangedPages(OpenChangeSet open, PageSize pageSize, ProgressHook hook) {
        this.open = open;
        this.pageSize = pageSize;
        this.hook = hook;
        this.entries = new PageEntryList(open.scratch("changed"));
    }

    /** @param hook may not change what is open */
    static ChangedPages of(OpenChangeSet open, Ledger ledger, PageSize pageSize, ProgressHook hook) throws IOException {
        ChangedPages changed = new ChangedPages(open, pageSize, hook);
        boolean done = false;
        try {
            changed.compareWith(ledger);
            done = true;
            return changed;
        } finally {
            if (!done) {
                changed.close();
            }
        }
    }

    private void compareWith(Ledger ledger) throws IOException {
        byte[] data = new byte[pageSize.bytes()];
        open.forEachPage(page -> {
            callHook();
            if (page > open.pageCount() || page == pageSize.lockPage()) {
                return;
            }
            open.read(page, data, 0);
            long checksum = Checksums.page(page, data, 0, pageSize.bytes());
            // A page that is new to the database always counts: a merge relies on growth being complete.
            if (!ledger.agrees(page, checksum)) {
                entries.add(page, checksum);
            }
        });
    }

    private void callHook() throws IOException {
        if (++sinceLast == PAGES_AT_ONCE) {
            sinceLast = 0;
            hook.run();
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        entries.forEach(sink);
    }

    /** Gives the pages with their data. */
    void readTo(PageSink sink) throws IOException {
        byte[] data = new byte[pageSize.bytes()];
        entries.forEach((page, _) -> {
            callHook();
            open.read(page, data, 0);
            sink.page(page, data, 0);
        });
    }

    @Override
    public void close() throws IOException {
        entries.close();
    }
}
