package dev.runnel.capture;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.MemoryBudget;
import java.io.Closeable;
import java.io.IOException;

/**
 * Pages that are set aside, and replaced by scans where they differ; when a scan is complete they are an image as of
 * its commit. A page that agrees with the ledger is as of the newest TXID, whenever it was read, so it is written once.
 */
final class KeptPages implements Closeable {
    private static final int AS_IN_LEDGER = 0;
    private static final int AHEAD = 1;

    private final Txid after;
    private final PageStore store;
    private final PageSize pageSize;
    private final long limit;

    /** Whether the kept version of a page is another than the one that the ledger has: 1 if so, else 0. */
    private final PageMap ahead;

    /**
     * Nothing yet.
     *
     * @param after the pages changed after this TXID are kept
     * @param scratch room for what is noted of the pages
     * @param limit bytes past which it gives up
     */
    KeptPages(Txid after, PageStore store, Scratch scratch, PageSize pageSize, long limit) {
        this.after = after;
        this.store = store;
        this.pageSize = pageSize;
        this.limit = limit;
        this.ahead = new PageMap(scratch, MemoryBudget.shared());
    }

    Txid after() {
        return after;
    }

    /** Keeps a page that is as the ledger has it. */
    void putAgreeing(int page, byte[] data, int offset) throws IOException {
        if (!store.contains(page) || ahead.get(page) == AHEAD) {
            put(page, data, offset);
            ahead.put(page, AS_IN_LEDGER);
        }
    }

    /** Keeps a page that the ledger does not have like this yet. */
    void putAhead(int page, byte[] data, int offset) throws IOException {
        put(page, data, offset);
        ahead.put(page, AHEAD);
    }

    private void put(int page, byte[] data, int offset) throws IOException {
        if (store.bytes() >= limit) {
            throw new StableImage.OutOfRoom(limit);
        }
        store.put(page, data, offset);
    }

    /** The pages that are wanted, all of which were kept. It closes the store. */
    PageImage image(PageFilter wanted, int pageCount) {
        return new PageImage() {
            private int next = 1;

            @Override
            public int pageCount() {
                return pageCount;
            }

            @Override
            public void read(PageChunk chunk) throws IOException {
                chunk.clear();
                for (; next <= pageCount && chunk.room() > 0; next++) {
                    if (next != pageSize.lockPage() && wanted.includes(next)) {
                        store.read(next, chunk.data(), chunk.end());
                        chunk.added(next, 1);
                    }
                }
            }

            @Override
            public void close() throws IOException {
                try (wanted) {
                    KeptPages.this.close();
                }
            }
        };
    }

    @Override
    public void close() throws IOException {
        try (store) {
            ahead.close();
        }
    }
}
