package dev.runnel.capture;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Builds a ledger of an attached database as of the moment it began, in pieces between hand-overs. */
public final class LedgerScan implements Closeable {
    private final Capture capture;
    private final StableImage image;
    private final LedgerBuilder builder;
    private final PageChunk chunk;

    /**
     * Begins.
     *
     * @param txid the TXID that the state of this moment is to have
     * @param keptLimit bytes of old versions past which it gives up
     */
    public LedgerScan(Capture capture, Txid txid, Disk disk, Path ledger, long keptLimit) throws IOException {
        this.capture = capture;
        this.image = capture.beginImage(PageFilter.all(), keptLimit);
        this.builder = Ledger.create(disk, ledger, capture.pageSize(), txid);
        this.chunk = new PageChunk(capture.pageSize().bytes());
    }

    /** Reads a piece; gives the ledger when that was the last. */
    public Optional<Ledger> step() throws IOException {
        capture.readImage(image, chunk);
        if (chunk.isEmpty()) {
            capture.endImage(image);
            return Optional.of(builder.finish(image.pageCount()));
        }
        int pageSize = capture.pageSize().bytes();
        chunk.readTo((page, data, offset) -> builder.set(page, Checksums.page(page, data, offset, pageSize)));
        return Optional.empty();
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
