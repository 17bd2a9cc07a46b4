package dev.runnel.capture;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;

/**
 * Pages that are kept aside, and put again by scans where they differ; when a scan is complete they are an image as of its
 * commit. What agrees with the ledger is as of the newest TXID, whenever it was read, so it is written once.
 */
final class KeptPages implements Closeable {
    private final Txid after;
    private final PageStore store;
    private final PageSize pageSize;
    private final long limit;

    /** Pages whose kept version is not the one that the ledger has. */
    private final BitSet ahead = new BitSet();

    /**
     * Nothing yet.
     *
     * @param after the pages changed after this TXID are kept
     * @param limit bytes past which it gives up
     */
    KeptPages(Txid after, PageStore store, PageSize pageSize, long limit) {
        this.after = after;
        this.store = store;
        this.pageSize = pageSize;
        this.limit = limit;
    }

    Txid after() {
        return after;
    }

    /** Keeps a page that is as the ledger has it. */
    void putAgreeing(int page, byte[] data, int offset) throws IOException {
        if (!store.contains(page) || ahead.get(page)) {
            put(page, data, offset);
            ahead.clear(page);
        }
    }

    /** Keeps a page that the ledger does not have like this yet. */
    void putAhead(int page, byte[] data, int offset) throws IOException {
        put(page, data, offset);
        ahead.set(page);
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
                store.close();
            }
        };
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
