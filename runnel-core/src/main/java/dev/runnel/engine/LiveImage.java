package dev.runnel.engine;

import dev.runnel.capture.ImageReader;
import dev.runnel.capture.PageChunk;
import dev.runnel.ledger.Ledger;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A database as of its newest TXID, read by another thread than the actor's that follows it: chunk by chunk, one ahead,
 * each read by the actor between its steps.
 */
final class LiveImage implements SelectedImage {
    /** The longest time without a step of the actor; a scan that makes progress may take any time. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Requests<Following> actor;
    private final String subject;
    private final ImageReader image;
    private final ImagePermits.Permit permit;
    private final LongTask progress;

    private LiveImage(
            Requests<Following> actor,
            String subject,
            ImageReader image,
            ImagePermits.Permit permit,
            LongTask progress) {
        this.actor = actor;
        this.subject = subject;
        this.image = image;
        this.permit = permit;
        this.progress = progress;
    }

    /**
     * Begins an image of what is committed now. Waits first until the database is followed and whole, and takes the permit
     * only then: a database that is not there, or that does not respond, holds no permit.
     *
     * @param subject names the database
     * @param failureDomain where the image goes
     * @param after leaves out pages that no TXID after this one has changed; NONE for all pages
     */
    static LiveImage begin(
            Requests<Following> actor, String subject, EngineResources resources, String failureDomain, Txid after)
            throws IOException, InterruptedException {
        long size = actor.submit(LiveImage::sizeWhenWhole).await(PATIENCE, subject);
        ImagePermits.Permit permit = resources.images().acquire(failureDomain, size);
        boolean begun = false;
        try {
            ImageReader image = actor.submit(following -> {
                        permit.moved();
                        return following.beginImage(after);
                    })
                    .await(PATIENCE, subject);
            begun = true;
            String what = (after.isNone() ? "snapshot of " : "changed pages of ") + subject + " to " + failureDomain;
            LongTask progress = new LongTask(resources.clock(), what, image.selectedPages(), "pages");
            return new LiveImage(actor, subject, image, permit, progress);
        } finally {
            if (!begun) {
                permit.close();
            }
        }
    }

    /** In bytes. */
    private static Optional<Long> sizeWhenWhole(Following following) {
        Ledger ledger = following.history().ledger();
        return following.isWhole()
                ? Optional.of((long) ledger.pageCount() * ledger.pageSize().bytes())
                : Optional.empty();
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
        PageChunk ready = PageChunk.forAtMost(selectedPages(), pageSize());
        PageChunk coming = PageChunk.forAtMost(selectedPages(), pageSize());
        PageSink counted = counting(sink);
        try {
            var _ = read(ready).await(PATIENCE, subject);
            while (!ready.isEmpty()) {
                permit.moved();
                Requests.Answer<Boolean> next = read(coming);
                ready.readTo(counted);
                var _ = next.await(PATIENCE, subject);
                PageChunk done = ready;
                ready = coming;
                coming = done;
            }
            var _ = progress.done();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a snapshot was read");
        }
    }

    private PageSink counting(PageSink sink) {
        AtomicLong count = new AtomicLong();
        return (page, data, offset) -> {
            sink.page(page, data, offset);
            var _ = progress.reached(count.incrementAndGet());
        };
    }

    private Requests.Answer<Boolean> read(PageChunk chunk) {
        return actor.submit(following -> {
            image.read(chunk);
            return Optional.of(chunk.isEmpty());
        });
    }

    /** Frees what was kept for it, soon. To be called once. */
    @Override
    public void close() {
        permit.close();
        var _ = actor.submit(following -> {
            image.close();
            return Optional.of(true);
        });
    }
}
