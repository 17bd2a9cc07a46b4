package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.PageEntries;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogException;
import dev.runnel.log.LogFile;
import dev.runnel.log.PageProvider;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this machine knows durably of one database: the change log and the ledger, kept in step, and the place in the
 * database's files where the newest TXID ended. For the database's actor only.
 */
public final class LocalHistory implements Closeable {
    /** The log is redone from the last checkpoint of the ledger on, so this bounds the work of a start. */
    private static final int CHANGE_SETS_A_CHECKPOINT = 256;

    /** A clock is set back by so much without having been wrong; the time of change sets stands still meanwhile. */
    private static final Duration CLOCK_ADJUSTMENT = Duration.ofSeconds(1);

    private final ChangeLog log;
    private final Ledger ledger;
    private final long lineage;
    private final Clock clock;
    private final LastPosition lastPosition;
    private int sinceCheckpoint;
    private Instant time;

    /**
     * Joins a log and the ledger that describes its newest TXID, or, with an empty log, the TXID before its first.
     *
     * @param time of the ledger's TXID, if it is known
     */
    public LocalHistory(
            ChangeLog log, Ledger ledger, long lineage, Instant time, Disk disk, Path positionFile, Clock clock) {
        this.log = log;
        this.ledger = ledger;
        this.lineage = lineage;
        this.time = time;
        this.clock = clock;
        this.lastPosition = new LastPosition(disk, positionFile);
    }

    public ChangeLog log() {
        return log;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** The newest TXID. */
    public Txid txid() {
        return ledger.txid();
    }

    /** The TXID of the last that was captured: the newest, or the one that its change set will have, if it changes anything. */
    public Txid upcoming(ChangeSource capture) {
        Txid upcoming = txid();
        for (int i = 0; i < capture.pendingChangeSets(); i++) {
            upcoming = upcoming.next();
        }
        return upcoming;
    }

    /** The time of the newest TXID. */
    public Instant time() {
        return time;
    }

    /** What is proved of the newest TXID. */
    public Proof proof() {
        return new Proof(ledger.databaseChecksum(), lineage);
    }

    /** Where the newest TXID ended in the database's files, or where Runnel detached after it. */
    public Optional<SourcePosition> position() throws IOException {
        Optional<SourcePosition> letGo = lastPosition.read(txid());
        return letGo.isPresent() ? letGo : log.newest().map(LogFile::at);
    }

    /**
     * Records that nothing has happened since the newest TXID up to this place. It counts only for this TXID
     * and only while the database file is as it says.
     */
    public void letGo(SourcePosition at) throws IOException {
        lastPosition.write(txid(), at);
    }

    /**
     * Records that the database may be any other state than the newest TXID: only a comparison of all pages tells. That
     * holds after a restart too, until the next TXID or the next {@link #letGo}.
     */
    public void doubt() throws IOException {
        lastPosition.write(txid(), SourcePosition.UNKNOWN);
    }

    /**
     * Makes what was captured the next TXID: durable in the log when this returns. Pages that were written and have not
     * changed are left out; if nothing is left there is no TXID.
     *
     * @param database the file as it is now
     * @param hook may capture further; that is for the TXID after it
     */
    public Optional<LogFile> close(ChangeSource capture, FileIdentity database, ProgressHook hook) throws IOException {
        SealedChangeSet sealed = capture.seal(database);
        OpenChangeSet changes = sealed.changes();
        changes.requireGrowthComplete();
        Optional<LogFile> file;
        try (ChangedPages changed = ChangedPages.of(changes, ledger, capture.pageSize(), hook)) {
            file = append(changed, sealed);
        }
        capture.release(sealed);
        return file;
    }

    private Optional<LogFile> append(ChangedPages changed, SealedChangeSet sealed) throws IOException {
        int pageCount = sealed.changes().pageCount();
        if (changed.isEmpty() && pageCount == ledger.pageCount()) {
            letGo(sealed.end());
            return Optional.empty();
        }
        return Optional.of(append(changed, pageCount, sealed.end(), changed::readTo));
    }

    /** Makes a TXID without changes: it records where we are, and follows a baseline that nothing else follows. */
    public LogFile closeEmpty(ChangeSource capture, FileIdentity database) throws IOException {
        return append(_ -> {}, ledger.pageCount(), capture.positionAt(database), _ -> {});
    }

    private LogFile append(PageEntries changed, int pageCount, SourcePosition end, PageProvider pages)
            throws IOException {
        Instant stamp = nextTime();
        Txid txid = ledger.txid().next();
        PageSize pageSize = ledger.pageSize();
        long checksum = ledger.checksumAfter(pageCount, changed);
        LtxHeader header =
                LtxHeader.of(pageSize, pageCount, TxidRange.of(txid), stamp, Optional.of(new Proof(checksum, lineage)));
        LogFile file = append(header, pages, end);
        ledger.apply(txid, pageCount, changed);
        time = file.time();
        if (++sinceCheckpoint >= CHANGE_SETS_A_CHECKPOINT) {
            checkpoint();
        }
        return file;
    }

    /**
     * What the wall clock shows. TXIDs give the order of change sets, and times are labels: when the clock is set back, the
     * times follow, so that one wrong time does not make all later ones wrong.
     */
    private Instant nextTime() {
        Instant now = clock.now();
        boolean isAdjusted = now.isBefore(time) && !now.isBefore(time.minus(CLOCK_ADJUSTMENT));
        return isAdjusted ? time : now;
    }

    private LogFile append(LtxHeader header, PageProvider pages, SourcePosition end) throws IOException {
        try {
            return log.append(header, pages, end);
        } catch (LogException.Full e) {
            // What a replica still lacks it gets by the ledger, as one file with the pages that differ.
            checkpoint();
            trim(ledger.txid());
            return log.append(header, pages, end);
        }
    }

    /**
     * Lets nothing up to a TXID serve as a continuation of anything: the log forgets it, and all pages count as changed by
     * the newest TXID.
     */
    public void rise(Txid upTo) throws IOException {
        checkpoint();
        ledger.renew();
        trim(upTo);
    }

    /** Makes the ledger durable, so that the log may be trimmed. */
    public void checkpoint() throws IOException {
        ledger.checkpoint();
        sinceCheckpoint = 0;
    }

    /** Makes the ledger durable, and holds none of its file until it is used again. */
    public void rest() throws IOException {
        checkpoint();
        ledger.rest();
    }

    /** Forgets change sets up to a TXID: every replica has them, and they are old enough. */
    public void trim(Txid upTo) throws IOException {
        log.trim(upTo, ledger.durable());
    }

    /**
     * Forgets the oldest change sets until the log takes no more than so many bytes, whether anybody wants them or not.
     *
     * @param upTo the newest TXID that may go
     */
    public void shrink(long bytes, Txid upTo) throws IOException {
        log.shrink(bytes, upTo.isAfter(ledger.durable()) ? ledger.durable() : upTo);
    }

    @Override
    public void close() throws IOException {
        ledger.close();
    }
}
