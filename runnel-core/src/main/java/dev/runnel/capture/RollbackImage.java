package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import java.io.IOException;

/**
 * A database in rollback mode as of its newest TXID, each page as it is read from the file and compared with the
 * ledger. A page that agrees with the ledger is the page as of the TXID, whatever was committed meanwhile, so no lock
 * is needed; one that does not is read again under a lock, because it may be part of a transaction that is not
 * committed.
 */
final class RollbackImage implements PageImage {
    private final RollbackFiles files;
    private final Ledger ledger;
    private final PageFilter wanted;
    private final PageSize pageSize;
    private final Txid txid;
    private final int pageCount;
    private int next = 1;

    RollbackImage(RollbackFiles files, Ledger ledger, PageFilter wanted) {
        this.files = files;
        this.ledger = ledger;
        this.wanted = wanted;
        this.pageSize = ledger.pageSize();
        this.txid = ledger.txid();
        this.pageCount = ledger.pageCount();
    }

    @Override
    public int pageCount() {
        return pageCount;
    }

    @Override
    public void read(PageChunk chunk) throws IOException {
        chunk.clear();
        while (next <= pageCount && chunk.room() > 0) {
            int run = wantedRun(chunk.room());
            if (run == 0) {
                next++;
                continue;
            }
            if (!readAsOfTxid(run, chunk)) {
                try (RollbackFiles.Lock _ = files.lock()) {
                    run = 1;
                    if (!readAsOfTxid(run, chunk)) {
                        throw new ImageOutdated(files.file().path(), next);
                    }
                }
            }
            chunk.added(next, run);
            next += run;
        }
    }

    private int wantedRun(int atMost) throws IOException {
        int run = 0;
        while (run < atMost
                && next + run <= pageCount
                && next + run != pageSize.lockPage()
                && wanted.includes(next + run)) {
            run++;
        }
        return run;
    }

    private boolean readAsOfTxid(int run, PageChunk chunk) throws IOException {
        try {
            files.file().readPages(next, run, chunk.data(), chunk.end());
        } catch (SourceException.MissingPage _) {
            return false;
        }
        for (int i = 0; i < run; i++) {
            if (!isAsOfTxid(next + i, chunk.data(), chunk.end() + i * pageSize.bytes())) {
                return false;
            }
        }
        return true;
    }

    private boolean isAsOfTxid(int page, byte[] data, int offset) throws IOException {
        return ledger.agrees(page, Checksums.page(page, data, offset, pageSize.bytes()))
                && !ledger.changedAt(page).isAfter(txid);
    }

    @Override
    public void close() throws IOException {
        wanted.close();
    }
}
