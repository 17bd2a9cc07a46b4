package dev.runnel.ltx;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/**
 * Writes a large LTX file: pages are compressed in batches by an executor, and laid out in order by the caller's thread.
 * Gives the same bytes as {@link LtxEncoder}. The number of batches in flight is bounded, so memory is too,
 * and a file of a few pages takes memory for these only.
 */
public final class ParallelLtxEncoder implements LtxWriter {
    /** Bytes of pages in a batch: enough to make the hand-over cheap. */
    private static final int BATCH_SIZE = 512 * 1024;

    private final FrameWriter writer;
    private final ExecutorService executor;
    private final PageSize pageSize;
    private final int batchPages;
    private final int mostInFlight;
    private final Deque<PageBatch> free = new ArrayDeque<>();
    private final Deque<Future<PageBatch>> inFlight = new ArrayDeque<>();
    private PageBatch open;

    /**
     * Writes the header.
     *
     * @param out takes the file, on the caller's thread; it stays the caller's to close
     * @param executor compresses; about as many threads as there are processors to use
     * @param batches how many batches of half a MiB may be in flight, at least 1; two for each thread keep all busy
     */
    public ParallelLtxEncoder(
            OutputStream out, LtxHeader header, Scratch scratch, ExecutorService executor, int batches)
            throws IOException {
        if (batches < 1) {
            throw new IllegalArgumentException("at least one batch has to be in flight, not " + batches);
        }
        this.writer = new FrameWriter(out, header, scratch);
        this.executor = executor;
        this.pageSize = header.pageSize();
        this.batchPages = Math.clamp(header.commit(), 1, BATCH_SIZE / pageSize.bytes());
        this.mostInFlight = batches;
        this.open = newBatch();
    }

    private PageBatch newBatch() {
        return new PageBatch(pageSize, batchPages, writer.provesPages());
    }

    @Override
    public void page(int number, byte[] data, int offset) throws IOException {
        Objects.checkFromIndexSize(offset, pageSize.bytes(), data.length);
        writer.accept(number);
        open.add(number, data, offset);
        if (open.isFull()) {
            submit();
            open = free.isEmpty() ? newBatch() : free.remove();
        }
    }

    @Override
    public LtxSummary finish() throws IOException {
        writer.checkOpen();
        submit();
        while (!inFlight.isEmpty()) {
            writeOldest();
        }
        return writer.finish();
    }

    @Override
    public void close() throws IOException {
        for (Future<PageBatch> batch : inFlight) {
            batch.cancel(false);
        }
        inFlight.clear();
        writer.close();
    }

    private void submit() throws IOException {
        while (!inFlight.isEmpty()
                && (inFlight.size() >= mostInFlight || inFlight.element().isDone())) {
            writeOldest();
        }
        try {
            inFlight.add(executor.submit(open::compress));
        } catch (RejectedExecutionException e) {
            writer.fail();
            throw e;
        }
    }

    private void writeOldest() throws IOException {
        try {
            PageBatch batch = inFlight.remove().get();
            batch.writeTo(writer);
            free.add(batch);
        } catch (InterruptedException e) {
            writer.fail();
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while compressing pages");
            interrupted.initCause(e);
            throw interrupted;
        } catch (ExecutionException e) {
            writer.fail();
            throw new IllegalStateException("compressing pages failed", e.getCause());
        }
    }
}
