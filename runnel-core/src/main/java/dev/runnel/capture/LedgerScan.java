package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;

/** Builds a ledger of an attached database as of the time at which it began, in pieces between hand-overs. */
public final class LedgerScan implements Closeable {
    private final Capture capture;
    private final StableImage image;
    private final LedgerBuilder builder;
    private final ExecutorService compute;
    private final Deque<Piece> free = new ArrayDeque<>();
    private Optional<FutureTask<Piece>> inWork = Optional.empty();

    /**
     * Begins.
     *
     * @param txid the TXID that the present state is to have
     * @param keptLimit bytes of old versions past which it gives up
     * @param compute takes the checksums of one piece while the next one is read
     */
    public LedgerScan(Capture capture, Txid txid, Disk disk, Path ledger, long keptLimit, ExecutorService compute)
            throws IOException {
        this.capture = capture;
        this.image = capture.beginImage(PageFilter.all(), keptLimit);
        this.builder = Ledger.create(disk, ledger, capture.pageSize(), txid);
        this.compute = compute;
    }

    /** Reads a piece; gives the ledger when that was the last. */
    public Optional<Ledger> step() throws IOException {
        Piece piece = free.isEmpty() ? new Piece(capture.pageSize().bytes(), image.pageCount()) : free.pop();
        capture.readImage(image, piece.chunk);
        Optional<FutureTask<Piece>> begun = piece.chunk.isEmpty() ? Optional.empty() : Optional.of(begin(piece));
        finishWork();
        inWork = begun;
        if (begun.isPresent()) {
            return Optional.empty();
        }
        capture.endImage(image);
        return Optional.of(builder.finish(image.pageCount()));
    }

    /** Lets go of the memory for pieces until the next step: a thousand databases may be between two steps. */
    public void rest() throws IOException {
        finishWork();
        free.clear();
    }

    private void finishWork() throws IOException {
        if (inWork.isPresent()) {
            Piece done = result(inWork.get());
            inWork = Optional.empty();
            done.enterInto(builder);
            free.push(done);
        }
    }

    private FutureTask<Piece> begin(Piece piece) {
        FutureTask<Piece> task = new FutureTask<>(piece::checksum);
        compute.execute(task);
        return task;
    }

    private static Piece result(FutureTask<Piece> work) throws InterruptedIOException {
        // Others may have filled the queue of the compute lane. Work that has not begun there is done here instead of
        // waiting.
        work.run();
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while making a ledger").initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("checksums of pages", e.getCause());
        }
    }

    /** Some pages, and what the ledger wants of them. Used by one thread after the other. */
    private static final class Piece {
        private final int pageSize;
        private final PageChunk chunk;
        private long[] checksums = {};

        Piece(int pageSize, int most) {
            this.pageSize = pageSize;
            this.chunk = PageChunk.forAtMost(most, pageSize);
        }

        Piece checksum() throws IOException {
            LongStream.Builder found = LongStream.builder();
            chunk.readTo((page, data, offset) -> found.add(Checksums.page(page, data, offset, pageSize)));
            checksums = found.build().toArray();
            return this;
        }

        void enterInto(LedgerBuilder builder) throws IOException {
            PrimitiveIterator.OfLong checksum = Arrays.stream(checksums).iterator();
            chunk.readTo((page, _, _) -> builder.set(page, checksum.nextLong()));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            capture.endImage(image);
        } finally {
            builder.close();
        }
    }
}
