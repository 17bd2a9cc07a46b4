package dev.runnel.ledger;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;

/** The checksums of all pages of a database, put in any order; eight bytes a page, outside the heap. */
public final class PageChecksumTable implements Closeable {
    private final Arena arena = Arena.ofShared();
    private final PageSize pageSize;
    private final int pageCount;
    private final MemorySegment checksums;

    public PageChecksumTable(PageSize pageSize, int pageCount) {
        this.pageSize = pageSize;
        this.pageCount = pageCount;
        this.checksums = arena.allocate(ValueLayout.JAVA_LONG, pageCount + 1L);
    }

    public void set(int page, long checksum) {
        checksums.setAtIndex(ValueLayout.JAVA_LONG, page, checksum);
    }

    /** Begins to make a ledger of it, as of a TXID. */
    public Copy toLedger(Disk disk, Path path, Txid txid) throws IOException {
        return new Copy(Ledger.create(disk, path, pageSize, txid));
    }

    /** A ledger that is made of the table in bounded steps. */
    public final class Copy implements Closeable {
        private static final int PAGES_A_STEP = 1 << 17;

        private final LedgerBuilder builder;
        private int next = 1;

        private Copy(LedgerBuilder builder) {
            this.builder = builder;
        }

        /** Copies further; the ledger, if that was the end. */
        public Optional<Ledger> step() throws IOException {
            int last = (int) Math.min(pageCount, (long) next + PAGES_A_STEP);
            for (; next <= last; next++) {
                if (next != pageSize.lockPage()) {
                    builder.set(next, checksums.getAtIndex(ValueLayout.JAVA_LONG, next));
                }
            }
            return next > pageCount ? Optional.of(builder.finish(pageCount)) : Optional.empty();
        }

        @Override
        public void close() throws IOException {
            builder.close();
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
