package dev.runnel.log;

import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local, durable sequence of change sets of one database: an unbroken run of TXIDs, one file each, in a folder of its
 * own. A TXID exists once its file is durable here under its name; nothing is shipped or reported before.
 *
 * <p>{@link #append} and {@link #trim} belong to one thread at a time, the database's actor. Everything else may be
 * called from any thread meanwhile; no thread waits for the disk on behalf of another one. Errors of the disk are
 * passed on as they are, everything else is a {@link LogException}. The files are specified in {@code docs/formats.md}.
 *
 * <p>Memory does not depend on the number of change sets, which is a million after twelve days without a replica: only
 * the ends of the run are held, and everything else is read from its file when it is needed.
 */
public final class ChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);

    /** Change sets of which the proofs are stored at once, before the files go. */
    private static final int REMOVED_AT_ONCE = 1024;

    private final Disk disk;
    private final LogFolder folder;
    private final LogLimits limits;
    private final Optional<Dropped> dropped;
    private final List<Path> leftOver = new ArrayList<>();
    private final AtomicLong size = new AtomicLong();
    private final ProofHistory proofs;

    /** Replaced as a whole, so that readers need no lock. */
    private volatile Optional<Span> span = Optional.empty();

    /**
     * Change sets that were removed when the log was opened, because newer ones do not follow on them.
     *
     * @param files how many there were
     * @param newest the newest of them
     * @param reason what is between them and the rest
     */
    public record Dropped(int files, Txid newest, String reason) {}

    /** From the oldest change set to the newest. */
    private record Span(Txid first, LogFile newest) {
        boolean has(Txid txid) {
            return !first.isAfter(txid) && !txid.isAfter(newest.txid());
        }
    }

    private ChangeLog(LogFolder folder, LogLimits limits, Optional<LogFolder.Run> run) {
        this.disk = folder.disk();
        this.folder = folder;
        this.limits = limits;
        this.dropped = run.flatMap(LogFolder.Run::dropped);
        this.proofs = new ProofHistory(disk, folder.path());
        this.span = run.map(found -> new Span(found.first(), found.newest()));
        this.size.set(run.map(LogFolder.Run::bytes).orElse(0L));
    }

    /**
     * Opens the log in a folder, which is created if necessary. Leftovers of unfinished appends are removed, and so are
     * files that have a hole or a damaged file between them and the newest; see {@link #dropped}.
     *
     * @throws LogException.Damaged if the newest file is not as it was written
     */
    public static ChangeLog open(Disk disk, Path folder, LogLimits limits) throws IOException {
        disk.createFolders(folder);
        LogFolder files = new LogFolder(disk, folder);
        return new ChangeLog(files, limits, files.open());
    }

    /**
     * Removes all change sets of a log that is of no use any more, and opens it empty. Proofs stay until {@link #begin}
     * replaces them.
     */
    public static ChangeLog startOver(Disk disk, Path folder, LogLimits limits) throws IOException {
        disk.createFolders(folder);
        LogFolder files = new LogFolder(disk, folder);
        files.empty();
        return new ChangeLog(files, limits, Optional.empty());
    }

    /** The same for this log, whose change sets stay proven until {@link #begin}. It is not to be used any more. */
    public ChangeLog startOver() throws IOException {
        List<ProofHistory.Entry> known = new ArrayList<>();
        for (Txid txid = span.map(Span::first).orElse(Txid.NONE); has(txid); txid = txid.next()) {
            // A file that is damaged proves nothing, and keeps nothing from being removed.
            find(txid).ifPresent(file -> known.add(entry(file)));
            if (known.size() == REMOVED_AT_ONCE) {
                keepProofs(known);
                known.clear();
            }
        }
        keepProofs(known);
        return startOver(disk, folder.path(), limits);
    }

    /** What was removed when the log was opened, if anything was. */
    public Optional<Dropped> dropped() {
        return dropped;
    }

    public Optional<LogFile> newest() {
        return span.map(Span::newest);
    }

    /** Whether a change set is here now. */
    public boolean has(Txid txid) {
        return span.filter(now -> now.has(txid)).isPresent();
    }

    /** A change set, empty if it is not here or the ends of its file are not as they were written. */
    public Optional<LogFile> find(Txid txid) throws IOException {
        try {
            return read(txid);
        } catch (LogException.Damaged e) {
            LOG.warn("{}. Runnel takes its pages from the database or a replica.", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<LogFile> read(Txid txid) throws IOException {
        Optional<Span> now = span.filter(found -> found.has(txid));
        if (now.isEmpty() || now.get().newest.txid().equals(txid)) {
            return now.map(Span::newest);
        }
        return folder.read(txid);
    }

    /** What is proven of a TXID of this history, also after its change set was removed. Empty if that is not known. */
    public Optional<Proof> proof(Txid txid) throws IOException {
        Optional<LogFile> file = find(txid);
        return file.isPresent() ? file.map(LogFile::proof) : proofs.find(txid);
    }

    /**
     * Another history begins right after a TXID: what was proven of earlier TXIDs is not of this history. To be called
     * while the log is empty; durable when this returns.
     */
    public void begin(Txid txid, Proof proof) throws IOException {
        proofs.begin(txid, proof);
    }

    /**
     * The same history continues right after a TXID with an empty log, because a change set cannot lead there. What was
     * proven of earlier TXIDs stays known; durable when this returns.
     */
    public void continueFrom(Txid txid, Proof proof) throws IOException {
        proofs.add(List.of(new ProofHistory.Entry(txid, proof)));
    }

    private static ProofHistory.Entry entry(LogFile file) {
        return new ProofHistory.Entry(file.txid(), file.proof());
    }

    /**
     * The next change sets after a TXID, oldest first. If there are any, the first may be later than the TXID after it.
     *
     * @param most so many at most
     * @throws LogException.Damaged if a file is not as it was written
     */
    public List<LogFile> after(Txid txid, int most) throws IOException {
        List<LogFile> found = new ArrayList<>();
        Optional<Span> now = span;
        if (now.isEmpty()) {
            return found;
        }
        Txid next = Collections.max(List.of(txid.next(), now.get().first));
        for (; found.size() < most && !next.isAfter(now.get().newest.txid()); next = next.next()) {
            // Change sets that are trimmed meanwhile are skipped.
            read(next).ifPresent(found::add);
        }
        return found;
    }

    /** What all files take, in bytes. */
    public long size() {
        return size.get();
    }

    /**
     * Makes a change set durable. Any failure leaves the log as it was.
     *
     * @param header has the TXID after the newest, or any if the log is empty; a proof; any time, for clocks are set
     * @param pages are asked for once
     * @throws LogException.Full if the limit is reached; then nothing was written
     * @throws LogException.Taken if another process works in this folder
     */
    public LogFile append(LtxHeader header, PageProvider pages, SourcePosition at) throws IOException {
        Proof proof = check(header);
        long counted = size.get() - newest().map(LogFile::size).orElse(0L);
        if (counted >= limits.maxBytes()) {
            throw new LogException.Full(folder.path(), counted, limits.maxBytes());
        }
        removeLeftOver();
        Path target = folder.file(header.txids().max());
        Path temp = LogFolder.temp(target);
        DiskFile created = create(temp);
        try {
            LogFooter footer = write(created, header, pages, at);
            disk.publishNew(temp, target);
            LogFile file = new LogFile(disk, target, header, proof, footer);
            add(file);
            return file;
        } catch (FileAlreadyExistsException e) {
            discard(e, temp);
            throw new LogException.Taken(target, e);
        } catch (IOException | RuntimeException e) {
            discard(e, temp, target);
            throw e;
        }
    }

    /**
     * Removes change sets that are no longer needed, oldest first; the newest is always kept.
     *
     * @param upTo the newest TXID that every replica has, and that is old enough
     * @param ledgerDurable the TXID up to which the ledger does not need the log
     */
    public void trim(Txid upTo, Txid ledgerDurable) throws IOException {
        remove(Collections.min(List.of(upTo, ledgerDurable)), 0);
    }

    /**
     * Removes change sets, oldest first, until the log takes no more than so many bytes, even if a replica still lacks
     * them; the newest is always kept.
     *
     * @param upTo the newest TXID that may go
     */
    public void shrink(long bytes, Txid upTo) throws IOException {
        remove(upTo, bytes);
    }

    /** A change set that is to be removed, and what it proves, if it can be read. */
    private record Going(Txid txid, long size, Optional<ProofHistory.Entry> proof) {}

    /** What a change set proves stays known: it is all that tells another history from this one. */
    private void remove(Txid upTo, long bytes) throws IOException {
        for (List<Going> going = oldest(upTo, bytes); !going.isEmpty(); going = oldest(upTo, bytes)) {
            keepProofs(going.stream().flatMap(each -> each.proof.stream()).toList());
            for (Going each : going) {
                disk.delete(folder.file(each.txid));
                span = span.map(now -> new Span(each.txid.next(), now.newest));
                size.addAndGet(-each.size);
            }
        }
    }

    /** The oldest change sets that are to go, some at a time. */
    private List<Going> oldest(Txid upTo, long bytes) throws IOException {
        List<Going> going = new ArrayList<>();
        Optional<Span> now = span;
        if (now.isEmpty()) {
            return going;
        }
        long left = size.get();
        Txid last = Collections.min(List.of(upTo, now.get().newest.txid().previous()));
        for (Txid txid = now.get().first; !txid.isAfter(last) && going.size() < REMOVED_AT_ONCE; txid = txid.next()) {
            if (left <= bytes) {
                break;
            }
            Going next = going(txid);
            left -= next.size;
            going.add(next);
        }
        return going;
    }

    private Going going(Txid txid) throws IOException {
        Optional<LogFile> file = find(txid);
        long counted = file.isPresent() ? file.get().size() : folder.size(txid);
        return new Going(txid, counted, file.map(ChangeLog::entry));
    }

    /** Trimming makes room on a full disk, and an unknown proof is never taken for "the same", so a failure is not the end. */
    private void keepProofs(List<ProofHistory.Entry> known) {
        try {
            proofs.add(known);
        } catch (IOException e) {
            LOG.warn(
                    "{}: the proofs of {} removed change sets could not be stored: {}. A replica that ends at one of them"
                            + " gets a new snapshot.",
                    folder.path(),
                    known.size(),
                    e.toString());
        }
    }

    private void add(LogFile file) {
        size.addAndGet(file.size());
        span = Optional.of(new Span(span.map(Span::first).orElse(file.txid()), file));
    }

    private Proof check(LtxHeader header) {
        Txid txid = header.txids().max();
        Optional<LogFile> newest = newest();
        boolean follows = newest.isEmpty() || newest.get().txid().next().equals(txid);
        if (!header.txids().isSingle() || !follows) {
            throw new IllegalArgumentException(folder.path() + ": TXIDs " + header.txids() + " after " + newest);
        }
        return header.proof()
                .orElseThrow(() -> new IllegalArgumentException(folder.path() + ": TXID " + txid + " without a proof"));
    }

    private DiskFile create(Path temp) throws IOException {
        try {
            return disk.create(temp);
        } catch (FileAlreadyExistsException e) {
            throw new LogException.Taken(temp, e);
        }
    }

    private LogFooter write(DiskFile created, LtxHeader header, PageProvider pages, SourcePosition at)
            throws IOException {
        try (DiskFile file = created;
                LogOutput out = new LogOutput(file);
                LtxEncoder encoder = new LtxEncoder(
                        out, header, Scratch.at(disk, folder.path().resolve("index.tmp")))) {
            pages.writeTo(encoder);
            encoder.finish();
            LogFooter footer = out.finish(at);
            file.sync();
            return footer;
        }
    }

    /** Removes what a failed append has made. What cannot be removed now has to go before the next append. */
    private void discard(Exception why, Path... made) {
        for (Path path : made) {
            try {
                disk.delete(path);
            } catch (IOException e) {
                leftOver.add(path);
                why.addSuppressed(e);
            }
        }
    }

    private void removeLeftOver() throws IOException {
        for (Path path : leftOver) {
            disk.delete(path);
        }
        leftOver.clear();
    }
}
