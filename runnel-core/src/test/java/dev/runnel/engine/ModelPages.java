package dev.runnel.engine;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The pages of a database that is a model, as capture sees them. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ModelPages(byte[] content, PageSize size) {
    int count() {
        return content.length / size.bytes();
    }

    long checksum(int page) {
        return Checksums.page(page, content, offset(page), size.bytes());
    }

    private int offset(int page) {
        return (page - 1) * size.bytes();
    }

    /** The pages that are not what a ledger says. */
    NavigableSet<Integer> differing(Ledger ledger) throws IOException {
        NavigableSet<Integer> changed = new TreeSet<>();
        for (int page = 1; page <= count(); page++) {
            if (page > ledger.pageCount() || ledger.checksumOf(page) != checksum(page)) {
                changed.add(page);
            }
        }
        return changed;
    }

    /** Gives some of the pages. */
    void readTo(PageSink sink, NavigableSet<Integer> pages) throws IOException {
        for (int page : pages) {
            sink.page(page, content, offset(page));
        }
    }

    /** What a scan of all pages gives. */
    Ledger ledger(Disk disk, Path path, Txid txid) throws IOException {
        try (LedgerBuilder ledger = Ledger.create(disk, path, size, txid)) {
            for (int page = 1; page <= count(); page++) {
                ledger.set(page, checksum(page));
            }
            return ledger.finish(count());
        }
    }
}
