package dev.runnel.capture;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;

/**
 * A stable image of the newest TXID, and what is known of that TXID. Used by the thread that captures, but for what it
 * tells of itself.
 */
public final class ImageReader implements Closeable {
    /** How many bytes of old versions a slow reader may make us keep. Past this the image starts again. */
    private static final long KEPT_LIMIT = 4L << 30;

    private final PageImage image;
    private final int pageSize;
    private final Txid txid;
    private final Instant time;
    private final Proof proof;
    private final int selectedPages;

    private ImageReader(PageImage image, LocalHistory history, int selectedPages) {
        this.image = image;
        this.pageSize = history.ledger().pageSize().bytes();
        this.txid = history.txid();
        this.time = history.time();
        this.proof = history.proof();
        this.selectedPages = selectedPages;
    }

    /**
     * Begins an image of all pages, or of those changed after a TXID.
     *
     * @param capture stands at the newest TXID of the history: its open change set is empty
     */
    public static ImageReader begin(ChangeSource capture, LocalHistory history, Txid after) throws IOException {
        int pageCount = history.ledger().pageCount();
        if (!capture.isWhole() || capture.hasChangeSet() || pageCount != capture.pageCount()) {
            throw new IllegalStateException("a snapshot begins at a TXID");
        }
        if (after.isNone()) {
            int stored = capture.pageSize().storedPages(pageCount);
            return new ImageReader(capture.image(PageFilter.all(), KEPT_LIMIT), history, stored);
        }
        SelectedPages changed = SelectedPages.changedAfter(after, history.ledger(), capture.room());
        return new ImageReader(capture.image(changed, KEPT_LIMIT), history, changed.count());
    }

    public Txid txid() {
        return txid;
    }

    public Instant time() {
        return time;
    }

    public Proof proof() {
        return proof;
    }

    /** In bytes. */
    public int pageSize() {
        return pageSize;
    }

    /** Size of the database in pages. */
    public int pageCount() {
        return image.pageCount();
    }

    /** How many pages the image gives. */
    public int selectedPages() {
        return selectedPages;
    }

    /** Reads the next pages; an empty chunk means the end. */
    public void read(PageChunk chunk) throws IOException {
        image.read(chunk);
    }

    @Override
    public void close() throws IOException {
        image.close();
    }
}
