package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.MemoryBudget;
import dev.runnel.platform.ScratchBits;
import java.io.IOException;

/** The pages that had changed since a TXID when this was made: one bit a page, most of them on disk if there are many. */
final class SelectedPages implements PageFilter {
    private final ScratchBits pages;

    private SelectedPages(Scratch scratch) {
        this.pages = new ScratchBits(scratch::create, MemoryBudget.shared());
    }

    static SelectedPages changedAfter(Txid after, Ledger ledger, Scratch scratch) throws IOException {
        SelectedPages selected = new SelectedPages(scratch);
        boolean done = false;
        try {
            ledger.forEachChangedAfter(after, selected.pages::add);
            done = true;
            return selected;
        } finally {
            if (!done) {
                selected.close();
            }
        }
    }

    int count() {
        return pages.size();
    }

    @Override
    public boolean includes(int page) throws IOException {
        return pages.contains(page);
    }

    @Override
    public void close() throws IOException {
        pages.close();
    }
}
