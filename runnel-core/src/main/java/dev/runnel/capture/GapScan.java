package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import java.io.IOException;

/**
 * Finds the pages that differ from the ledger, in page order, a bounded number at a time between hand-overs. Pages that
 * change meanwhile are captured into the same change set, so no old version has to be kept.
 */
final class GapScan {
    private static final int BYTES_A_STEP = 4 << 20;

    private static final int RUN = 1 << 16;

    private final Ledger ledger;
    private final PageSize pageSize;
    private int next = 1;

    GapScan(Ledger ledger, PageSize pageSize) {
        this.ledger = ledger;
        this.pageSize = pageSize;
    }

    /** Scans further; true when the end is reached. */
    boolean step(PinnedPages pages, OpenChangeSet open, int pageCount) throws IOException {
        int last = (int) Math.min(pageCount, (long) next + BYTES_A_STEP / pageSize.bytes());
        // For this step only: a thousand databases may be between two steps.
        byte[] run = new byte[Math.max(1, RUN / pageSize.bytes()) * pageSize.bytes()];
        while (next <= last) {
            if (next == pageSize.lockPage() || open.contains(next)) {
                next++;
                continue;
            }
            int most = Math.min(run.length / pageSize.bytes(), last - next + 1);
            if (next < pageSize.lockPage()) {
                most = Math.min(most, pageSize.lockPage() - next);
            }
            int count = Math.max(1, pages.runInFile(next, most));
            if (count == 1) {
                pages.read(next, run, 0);
            } else {
                pages.readRun(next, count, run, 0);
            }
            for (int i = 0; i < count; i++) {
                compare(next + i, run, i * pageSize.bytes(), open);
            }
            next += count;
        }
        return next > pageCount;
    }

    private void compare(int page, byte[] run, int offset, OpenChangeSet open) throws IOException {
        if (open.contains(page)) {
            return;
        }
        if (!ledger.agrees(page, Checksums.page(page, run, offset, pageSize.bytes()))) {
            open.put(page, run, offset);
        }
    }
}
