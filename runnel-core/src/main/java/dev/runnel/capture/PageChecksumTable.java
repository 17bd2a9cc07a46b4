package dev.runnel.capture;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

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

    /** Makes a ledger of it, as of a TXID. */
    public Ledger toLedger(Disk disk, Path path, Txid txid) throws IOException {
        try (LedgerBuilder builder = Ledger.create(disk, path, pageSize, txid)) {
            for (int page = 1; page <= pageCount; page++) {
                if (page != pageSize.lockPage()) {
                    builder.set(page, checksums.getAtIndex(ValueLayout.JAVA_LONG, page));
                }
            }
            return builder.finish(pageCount);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
