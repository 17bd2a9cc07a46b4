package dev.runnel.ledger;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The step from one TXID to the next: holds the entries against the rules of a change set, and follows the checksum of
 * the database. It changes nothing.
 */
final class LedgerChange implements PageEntries.Sink {
    private final Path path;
    private final LedgerFile file;
    private final int lockPage;
    private final int oldPageCount;
    private final int newPageCount;
    private long databaseChecksum;
    private int last;
    private int nextNew;

    /**
     * A change of the database that the file describes.
     *
     * @param databaseChecksum before the change
     */
    LedgerChange(
            Path path, LedgerFile file, PageSize pageSize, int oldPageCount, int newPageCount, long databaseChecksum) {
        this.path = path;
        this.file = file;
        this.lockPage = pageSize.lockPage();
        this.oldPageCount = oldPageCount;
        this.newPageCount = newPageCount;
        this.databaseChecksum = databaseChecksum;
        this.nextNew = storedFrom(oldPageCount + 1);
    }

    @Override
    public void entry(int page, long checksum) throws IOException {
        if (page <= last || page > newPageCount || page == lockPage || checksum >= 0) {
            throw new IllegalArgumentException(String.format(
                    "no ledger entry: page %d after page %d of %d, checksum %016x",
                    page, last, newPageCount, checksum));
        }
        if (page <= oldPageCount) {
            databaseChecksum = Checksums.without(databaseChecksum, page, file.checksum(page));
        } else if (page == nextNew) {
            nextNew = storedFrom(page + 1);
        }
        databaseChecksum = Checksums.with(databaseChecksum, page, checksum);
        last = page;
    }

    /** Takes the pages out that the database has lost; returns its checksum after the change. */
    long finish() throws IOException {
        if (nextNew <= newPageCount) {
            throw new LedgerException.GrowthMissing(path, nextNew, newPageCount);
        }
        for (int page = storedFrom(newPageCount + 1); page <= oldPageCount; page = storedFrom(page + 1)) {
            databaseChecksum = Checksums.without(databaseChecksum, page, file.checksum(page));
        }
        return databaseChecksum;
    }

    private int storedFrom(int page) {
        return page == lockPage ? page + 1 : page;
    }
}
