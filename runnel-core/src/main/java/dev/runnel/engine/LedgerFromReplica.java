package dev.runnel.engine;

import dev.runnel.capture.Ledger;
import dev.runnel.capture.PageChecksumTable;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestorePlan;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.ReadBack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes a ledger from the newest state that a replica holds. */
final class LedgerFromReplica implements ReadBack.PageChecksums {
    private Optional<PageChecksumTable> table = Optional.empty();

    private LedgerFromReplica() {}

    /** Reads a TXID back, all of it, and checks it. */
    static Ledger read(Replica replica, Txid txid, Disk disk, Path ledger) throws IOException {
        LedgerFromReplica pages = new LedgerFromReplica();
        try {
            new ReadBack(replica).read(new RestoreTarget.AtTxid(txid), pages);
            return pages.table.orElseThrow().toLedger(disk, ledger, txid);
        } finally {
            pages.table.ifPresent(PageChecksumTable::close);
        }
    }

    @Override
    public void begin(RestorePlan plan, PageSize pageSize, int pageCount) {
        table.ifPresent(PageChecksumTable::close);
        table = Optional.of(new PageChecksumTable(pageSize, pageCount));
    }

    @Override
    public void page(int number, long checksum) {
        table.orElseThrow().set(number, checksum);
    }
}
