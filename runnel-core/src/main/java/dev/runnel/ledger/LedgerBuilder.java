package dev.runnel.ledger;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Makes a ledger from all pages of a database as of one TXID. Every page is taken as changed by that TXID, since which one
 * it was is not known. Nothing has the ledger's name before {@link #finish}; closing before that leaves what was there.
 */
public final class LedgerBuilder implements Closeable {
    private final Disk disk;
    private final Path path;
    private final Path temp;
    private final PageSize pageSize;
    private final Txid txid;
    private final LedgerFile file;
    private long databaseChecksum = Checksums.EMPTY;
    private int last;
    private boolean finished;

    LedgerBuilder(Disk disk, Path path, PageSize pageSize, Txid txid) throws IOException {
        this.disk = disk;
        this.path = path;
        this.temp = path.resolveSibling(path.getFileName() + ".tmp");
        this.pageSize = pageSize;
        this.txid = txid;
        disk.delete(temp);
        this.file = new LedgerFile(disk.create(temp));
    }

    /**
     * Takes the next page: in ascending order, every page but the lock page.
     *
     * @param checksum as {@link Checksums#page} gives it
     */
    public void set(int page, long checksum) throws IOException {
        if (page != nextStored() || checksum >= 0 || txid.isNone()) {
            throw new IllegalArgumentException(
                    String.format("no ledger entry: page %d after page %d, checksum %016x", page, last, checksum));
        }
        file.set(page, checksum, txid.value());
        databaseChecksum = Checksums.with(databaseChecksum, page, checksum);
        last = page;
    }

    /**
     * Makes the ledger durable and gives it its name.
     *
     * @param pageCount size of the database in pages
     */
    public Ledger finish(int pageCount) throws IOException {
        if (pageCount != last && !(pageCount == pageSize.lockPage() && nextStored() > pageCount)) {
            throw new IllegalArgumentException(path + ": the last of " + pageCount + " pages is " + last);
        }
        LedgerHeader header = new LedgerHeader(0, pageSize, txid, pageCount, databaseChecksum);
        file.sync();
        file.writeHeader(header);
        disk.publish(temp, path);
        finished = true;
        return Ledger.built(disk, path, file, header);
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            file.close();
            disk.delete(temp);
        }
    }

    private int nextStored() {
        return last + 1 == pageSize.lockPage() ? last + 2 : last + 1;
    }
}
