package dev.runnel.ledger;

import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Sixteen bytes a page: its checksum as of the newest TXID, and the TXID that last changed it. So the checksum of the
 * whole database is known at every TXID without reading it, and after any gap one scan finds the pages that differ.
 *
 * <p>The file is a checkpoint, and the change log is its redo. A header says up to which TXID the entries are durable;
 * later entries reach the device at any time. Entries are absolute, so {@link #recover} applies the change sets after
 * that TXID again, whatever part of them was there, and then compares the database checksum of all entries with the
 * newest proof. Therefore a change set is applied only once it is durable in the log, and the log keeps everything
 * after {@link #durable}.
 *
 * <p>After an error of the disk nothing is trusted: every call fails with {@link LedgerException.Interrupted} until the
 * ledger is recovered. Memory is constant. For the database's actor only: no two threads at a time. The file is
 * specified in {@code docs/formats.md}.
 */
public final class Ledger implements Closeable {
    private static final int REDONE_AT_ONCE = 64;

    private final Disk disk;
    private final Path path;

    /** Open while it is in use. */
    private Optional<LedgerFile> opened;

    private final PageSize pageSize;
    private long sequence;
    private Txid txid;
    private int pageCount;
    private long databaseChecksum;
    private Txid durable = Txid.NONE;

    /** False while entries and the fields above may not agree. */
    private boolean exact;

    private Ledger(Disk disk, Path path, LedgerFile file, LedgerHeader header) {
        this.disk = disk;
        this.path = path;
        this.opened = Optional.of(file);
        this.pageSize = header.pageSize();
        this.sequence = header.sequence();
        this.txid = header.txid();
        this.pageCount = header.pageCount();
        this.databaseChecksum = header.databaseChecksum();
    }

    /** Begins a ledger of a database as of one TXID. It gets its name, and replaces what had it, when it is finished. */
    public static LedgerBuilder create(Disk disk, Path path, PageSize pageSize, Txid txid) throws IOException {
        return new LedgerBuilder(disk, path, pageSize, txid);
    }

    /** A ledger that was made durable just now. */
    static Ledger built(Disk disk, Path path, LedgerFile file, LedgerHeader header) {
        Ledger ledger = new Ledger(disk, path, file, header);
        ledger.durable = header.txid();
        ledger.exact = true;
        return ledger;
    }

    /**
     * Opens a ledger that was checkpointed last and not changed since.
     *
     * @throws LedgerException.Lost if there is no such ledger
     */
    public static Ledger open(Disk disk, Path path) throws IOException {
        return open(disk, path, Optional.empty());
    }

    /**
     * Opens a ledger and brings it to the newest TXID of the log. With an empty log it is the ledger as it was
     * checkpointed last.
     *
     * @throws LedgerException.Lost if there is none, or what comes out does not agree with the newest proof
     */
    public static Ledger recover(Disk disk, Path path, ChangeLog log) throws IOException {
        return open(disk, path, Optional.of(log).filter(found -> found.newest().isPresent()));
    }

    private static Ledger open(Disk disk, Path path, Optional<ChangeLog> log) throws IOException {
        LedgerFile file = new LedgerFile(openFile(disk, path));
        try {
            Optional<LedgerHeader> header = file.readHeader();
            if (header.isEmpty()) {
                throw new LedgerException.Lost(path, "no header that this version of Runnel can read");
            }
            // After a failed sync this header may be in memory only; the next checkpoint replaces the one on the
            // device.
            file.writeHeader(header.get());
            Ledger ledger = new Ledger(disk, path, file, header.get());
            ledger.redo(log);
            return ledger;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static DiskFile openFile(Disk disk, Path path) throws IOException {
        try {
            return disk.open(path);
        } catch (NoSuchFileException e) {
            throw new LedgerException.Lost(path, "there is no ledger", e);
        }
    }

    /** Size of the database in pages. */
    public int pageCount() {
        return pageCount;
    }

    public PageSize pageSize() {
        return pageSize;
    }

    /** The newest TXID that was applied. */
    public Txid txid() {
        return txid;
    }

    /** The rolling checksum of the whole database as of {@link #txid}. */
    public long databaseChecksum() {
        return databaseChecksum;
    }

    /**
     * The TXID after which alone this ledger needs the change log. {@link Txid#NONE} before the first checkpoint since
     * it was opened, because a header that is read back may not have reached the device yet.
     */
    public Txid durable() {
        return durable;
    }

    /** The checksum of a page; of the lock page, 0. */
    public long checksumOf(int page) throws IOException {
        requireExact();
        checkPage(page);
        return file().checksum(page);
    }

    /** Whether a page with this checksum is as of the newest TXID; one beyond the size of the database is not. */
    public boolean agrees(int page, long checksum) throws IOException {
        return page <= pageCount && checksumOf(page) == checksum;
    }

    /** The TXID that last changed a page; NONE for the lock page. */
    public Txid changedAt(int page) throws IOException {
        requireExact();
        checkPage(page);
        return new Txid(file().txid(page));
    }

    /** Gives, in ascending order, the pages that a TXID after the given one has changed. */
    public void forEachChangedAfter(Txid after, PageNumberSink sink) throws IOException {
        forEachChangedAfter(after, 1, pageCount, sink);
    }

    /** {@link #forEachChangedAfter(Txid, PageNumberSink)} for the pages from first to last, so that it can go in pieces. */
    public void forEachChangedAfter(Txid after, int first, int last, PageNumberSink sink) throws IOException {
        requireExact();
        for (int page = first; page <= Math.min(last, pageCount); page++) {
            if (page != pageSize.lockPage() && file().txid(page) > after.value()) {
                sink.page(page);
            }
        }
    }

    /**
     * The checksum of the database after a change, which the ledger does not take in.
     *
     * @throws LedgerException.GrowthMissing if the database grows and not every new page is among the entries
     */
    public long checksumAfter(int newPageCount, PageEntries entries) throws IOException {
        requireExact();
        LedgerChange change = changeTo(newPageCount);
        entries.forEach(change);
        return change.finish();
    }

    /**
     * Takes a change set in that is durable in the change log. Pages beyond the new size are forgotten.
     *
     * @throws LedgerException.GrowthMissing if the database grows and not every new page is among the entries
     */
    public void apply(Txid next, int newPageCount, PageEntries entries) throws IOException {
        requireExact();
        if (!next.isAfter(txid)) {
            throw new IllegalArgumentException(path + ": TXID " + next + " after " + txid);
        }
        exact = false;
        LedgerChange change = changeTo(newPageCount);
        entries.forEach((page, checksum) -> {
            change.entry(page, checksum);
            file().set(page, checksum, next.value());
        });
        databaseChecksum = change.finish();
        resize(newPageCount);
        txid = next;
        exact = true;
    }

    /** Counts all pages as changed by the newest TXID, durably: a later difference then holds all of them. */
    public void renew() throws IOException {
        requireExact();
        exact = false;
        for (int page = 1; page <= pageCount; page++) {
            if (page != pageSize.lockPage()) {
                file().set(page, file().checksum(page), txid.value());
            }
        }
        file().sync();
        exact = true;
    }

    /** Makes the newest TXID the durable one. */
    public void checkpoint() throws IOException {
        requireExact();
        if (durable.equals(txid)) {
            return;
        }
        // A failed sync may have dropped what it was to write, and the next one then succeeds without it.
        exact = false;
        file().sync();
        file().writeHeader(new LedgerHeader(sequence + 1, pageSize, txid, pageCount, databaseChecksum));
        sequence++;
        durable = txid;
        exact = true;
    }

    /**
     * The checksum of the database from all entries, read one after the other.
     *
     * @throws LedgerException.Lost if a page has no entry, or one that cannot be
     */
    public long recomputeDatabaseChecksum() throws IOException {
        requireExact();
        return checksumOfEntries();
    }

    /** Checkpoints, and gives the file back until the ledger is used again. */
    public void rest() throws IOException {
        checkpoint();
        closeFile();
    }

    /** Gives the file back. What was not checkpointed is for {@link #recover}. */
    @Override
    public void close() throws IOException {
        exact = false;
        closeFile();
    }

    private void closeFile() throws IOException {
        Optional<LedgerFile> file = opened;
        opened = Optional.empty();
        if (file.isPresent()) {
            file.get().close();
        }
    }

    private LedgerFile file() throws IOException {
        if (opened.isEmpty()) {
            opened = Optional.of(reopen());
        }
        return opened.get();
    }

    /** While it was closed, another process may have replaced the file. */
    private LedgerFile reopen() throws IOException {
        LedgerFile file = new LedgerFile(openFile(disk, path));
        boolean done = false;
        try {
            LedgerHeader left = new LedgerHeader(sequence, pageSize, txid, pageCount, databaseChecksum);
            if (!file.readHeader().equals(Optional.of(left))) {
                throw lost("it was changed while Runnel did not use it");
            }
            done = true;
            return file;
        } finally {
            if (!done) {
                exact = false;
                file.close();
            }
        }
    }

    private void redo(Optional<ChangeLog> log) throws IOException {
        long expected = databaseChecksum;
        if (log.isPresent()) {
            redo(log.get());
            expected = log.get().newest().orElseThrow().proof().databaseChecksum();
        }
        long found = checksumOfEntries();
        if (found != expected) {
            throw lost("its entries give the database checksum %016x, not %016x, at TXID %s"
                    .formatted(found, expected, txid));
        }
        databaseChecksum = found;
        exact = true;
    }

    private void redo(ChangeLog log) throws IOException {
        Txid newest = log.newest().orElseThrow().txid();
        if (txid.isAfter(newest)) {
            throw lost("it describes TXID %s, but the change log ends at %s".formatted(txid, newest));
        }
        for (List<LogFile> some = changesIn(log); !some.isEmpty(); some = changesIn(log)) {
            Txid oldest = some.getFirst().txid();
            if (oldest.isAfter(txid.next())) {
                throw lost("it describes TXID %s, but the change log starts at %s".formatted(txid, oldest));
            }
            for (LogFile changes : some) {
                redo(changes);
            }
        }
    }

    /** What the change log has after this TXID, some at a time: there may be very many. */
    private List<LogFile> changesIn(ChangeLog log) throws IOException {
        try {
            return log.after(txid, REDONE_AT_ONCE);
        } catch (LogException e) {
            throw new LedgerException.Lost(path, "it cannot be redone from the change log: " + e.getMessage(), e);
        }
    }

    private void redo(LogFile changes) throws IOException {
        if (!changes.pageSize().equals(pageSize)) {
            throw lost("page size %s, but TXID %s has %s".formatted(pageSize, changes.txid(), changes.pageSize()));
        }
        long next = changes.txid().value();
        try {
            changes.readPages((page, data, offset) ->
                    file().set(page, Checksums.page(page, data, offset, pageSize.bytes()), next));
        } catch (LogException e) {
            throw new LedgerException.Lost(path, "it cannot be redone from the change log: " + e.getMessage(), e);
        }
        resize(changes.pageCount());
        txid = changes.txid();
    }

    private long checksumOfEntries() throws IOException {
        long checksum = Checksums.EMPTY;
        for (int page = 1; page <= pageCount; page++) {
            if (page == pageSize.lockPage()) {
                continue;
            }
            long of = file().checksum(page);
            long at = file().txid(page);
            if (of >= 0 || at <= 0 || at > txid.value()) {
                throw lost("the entry of page %d is %016x at TXID %016x, at TXID %s".formatted(page, of, at, txid));
            }
            checksum = Checksums.with(checksum, page, of);
        }
        return checksum;
    }

    private LedgerChange changeTo(int newPageCount) throws IOException {
        return new LedgerChange(path, file(), pageSize, pageCount, newPageCount, databaseChecksum);
    }

    private void resize(int newPageCount) throws IOException {
        if (newPageCount < pageCount) {
            file().cutTo(newPageCount);
        }
        pageCount = newPageCount;
    }

    private void checkPage(int page) {
        if (page < 1 || page > pageCount) {
            throw new IllegalArgumentException(path + ": page " + page + " of " + pageCount);
        }
    }

    private void requireExact() throws LedgerException {
        if (!exact) {
            throw new LedgerException.Interrupted(path);
        }
    }

    private LedgerException.Lost lost(String what) {
        return new LedgerException.Lost(path, what);
    }
}
