package dev.runnel.engine;

import dev.runnel.capture.ImageReader;
import dev.runnel.capture.PageChunk;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.concurrent.Future;

/**
 * A database as of its newest TXID, read by somebody else than the actor that follows it: chunk by chunk, one ahead,
 * each read by the actor between its steps.
 */
final class LiveImage implements SelectedImage {
    private final Requests<Following> actor;
    private final ImageReader image;
    private final ImagePermits.Permit permit;

    private LiveImage(Requests<Following> actor, ImageReader image, ImagePermits.Permit permit) {
        this.actor = actor;
        this.image = image;
        this.permit = permit;
    }

    /**
     * Begins an image of what is committed now.
     *
     * @param permit is held until the image is closed
     * @param after leaves out pages that no TXID after this one has changed; NONE for all pages
     */
    static LiveImage begin(Requests<Following> actor, ImagePermits.Permit permit, Txid after)
            throws IOException, InterruptedException {
        boolean begun = false;
        try {
            ImageReader image = Work.result(actor.submit(following -> following.beginImage(after)));
            begun = true;
            return new LiveImage(actor, image, permit);
        } finally {
            if (!begun) {
                permit.close();
            }
        }
    }

    @Override
    public Txid txid() {
        return image.txid();
    }

    @Override
    public Instant time() {
        return image.time();
    }

    @Override
    public int pageSize() {
        return image.pageSize();
    }

    @Override
    public int pageCount() {
        return image.pageCount();
    }

    @Override
    public Proof proof() {
        return image.proof();
    }

    @Override
    public int selectedPages() {
        return image.selectedPages();
    }

    @Override
    public void readTo(PageSink sink) throws IOException {
        PageChunk ready = new PageChunk(pageSize());
        PageChunk coming = new PageChunk(pageSize());
        try {
            Work.result(read(ready));
            while (!ready.isEmpty()) {
                Future<Boolean> next = read(coming);
                ready.readTo(sink);
                Work.result(next);
                PageChunk done = ready;
                ready = coming;
                coming = done;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an image was read");
        }
    }

    private Future<Boolean> read(PageChunk chunk) {
        return actor.submit(following -> {
            image.read(chunk);
            return chunk.isEmpty();
        });
    }

    /** Frees what was kept for it, soon. To be called once. */
    @Override
    public void close() {
        permit.close();
        var _ = actor.submit(following -> {
            image.close();
            return true;
        });
    }
}
