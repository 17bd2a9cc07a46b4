package dev.runnel.log;

import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Disk;
import dev.runnel.platform.DiskFile;
import dev.runnel.platform.FileInfo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local, durable sequence of change sets of one database: an unbroken run of TXIDs, one file each, in a folder of its
 * own. A TXID exists once its file is durable here under its name; nothing is shipped or reported before.
 *
 * <p>{@link #append} and {@link #trim} belong to one thread at a time, the database's actor. Everything else may be called
 * from any thread meanwhile; nobody waits for the disk on behalf of somebody else. Errors of the disk are passed on as
 * they are, everything else is a {@link LogException}. The files are specified in {@code docs/formats.md}.
 */
public final class ChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeLog.class);
    private static final String SUFFIX = ".change";
    private static final String TEMP_SUFFIX = ".tmp";
    private static final int TXID_LENGTH = 16;

    private final Disk disk;
    private final Path folder;
    private final LogLimits limits;
    private final Optional<Dropped> dropped;
    private final NavigableMap<Txid, LogFile> files = new ConcurrentSkipListMap<>();
    private final List<Path> leftOver = new ArrayList<>();
    private final AtomicLong size = new AtomicLong();
    private final ProofHistory proofs;

    /**
     * Change sets that were removed when the log was opened, because newer ones do not follow on them.
     *
     * @param files how many there were
     * @param newest the newest of them
     * @param reason what is between them and the rest
     */
    public record Dropped(int files, Txid newest, String reason) {}

    private ChangeLog(Disk disk, Path folder, LogLimits limits, Optional<Dropped> dropped) {
        this.disk = disk;
        this.folder = folder;
        this.limits = limits;
        this.dropped = dropped;
        this.proofs = new ProofHistory(disk, folder);
    }

    /**
     * Opens the log in a folder, which is made if need be. What unfinished appends left is removed. So are files that have
     * a hole or a damaged file between them and the newest; see {@link #dropped}.
     *
     * @throws LogException.Damaged if the newest file is not as it was written
     */
    public static ChangeLog open(Disk disk, Path folder, LogLimits limits) throws IOException {
        disk.createFolders(folder);
        NavigableMap<Txid, Path> found = findAndClean(disk, folder);
        // A name that is seen may still be on its way to the device, if the process that gave it was killed.
        disk.syncFolder(folder);
        Run run = newestRun(disk, found);
        for (Path useless : run.useless().values()) {
            disk.delete(useless);
        }
        ChangeLog log = new ChangeLog(disk, folder, limits, run.dropped());
        run.files().forEach(log::add);
        return log;
    }

    /**
     * Removes all change sets of a log that is of no use any more, and opens it empty. Proofs stay until {@link #begin}
     * replaces them.
     */
    public static ChangeLog startOver(Disk disk, Path folder, LogLimits limits) throws IOException {
        disk.createFolders(folder);
        for (Path useless : findAndClean(disk, folder).values()) {
            disk.delete(useless);
        }
        disk.syncFolder(folder);
        return new ChangeLog(disk, folder, limits, Optional.empty());
    }

    /** What was removed when the log was opened, if anything was. */
    public Optional<Dropped> dropped() {
        return dropped;
    }

    public Optional<LogFile> newest() {
        return Optional.ofNullable(files.lastEntry()).map(Map.Entry::getValue);
    }

    public Optional<LogFile> find(Txid txid) {
        return Optional.ofNullable(files.get(txid));
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
     * proven of earlier TXIDs, and of those of a log before this one, stays known; durable when this returns.
     */
    public void continueFrom(Collection<LogFile> before, Txid txid, Proof proof) throws IOException {
        List<ProofHistory.Entry> known = new ArrayList<>(entries(before));
        known.add(new ProofHistory.Entry(txid, proof));
        proofs.add(known);
    }

    private static List<ProofHistory.Entry> entries(Collection<LogFile> files) {
        return files.stream()
                .map(file -> new ProofHistory.Entry(file.txid(), file.proof()))
                .toList();
    }

    /** The change sets after a TXID, oldest first. If there are any, the first may be later than the TXID after it. */
    public List<LogFile> after(Txid txid) {
        return List.copyOf(files.tailMap(txid, false).values());
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
     * @throws LogException.Taken if somebody else works in this folder
     */
    public LogFile append(LtxHeader header, PageProvider pages, SourcePosition at) throws IOException {
        Proof proof = check(header);
        long counted = size.get() - newest().map(LogFile::size).orElse(0L);
        if (counted >= limits.maxBytes()) {
            throw new LogException.Full(folder, counted, limits.maxBytes());
        }
        removeLeftOver();
        Path target = folder.resolve(header.txids().max() + SUFFIX);
        Path temp = temp(target);
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
     * Removes change sets that nobody needs, oldest first; the newest is always kept.
     *
     * @param upTo the newest TXID that every replica has, and that is old enough
     * @param ledgerDurable the TXID up to which the ledger does not need the log
     */
    public void trim(Txid upTo, Txid ledgerDurable) throws IOException {
        List<LogFile> going = new ArrayList<>();
        for (LogFile oldest : allButNewest()) {
            Txid txid = oldest.txid();
            if (txid.isAfter(upTo) || txid.isAfter(ledgerDurable)) {
                break;
            }
            going.add(oldest);
        }
        remove(going);
    }

    /**
     * Removes change sets, oldest first, until the log takes no more than so many bytes, whoever may still want them; the
     * newest is always kept.
     *
     * @param upTo the newest TXID that may go
     */
    public void shrink(long bytes, Txid upTo) throws IOException {
        List<LogFile> going = new ArrayList<>();
        long left = size.get();
        for (LogFile oldest : allButNewest()) {
            if (left <= bytes || oldest.txid().isAfter(upTo)) {
                break;
            }
            left -= oldest.size();
            going.add(oldest);
        }
        remove(going);
    }

    private Collection<LogFile> allButNewest() {
        return files.isEmpty()
                ? List.of()
                : files.headMap(files.lastKey(), false).values();
    }

    /** What a change set proves stays known: it is all that tells another history from this one. */
    private void remove(List<LogFile> going) throws IOException {
        if (going.isEmpty()) {
            return;
        }
        keepProofs(going);
        for (LogFile file : going) {
            disk.delete(file.path());
            files.remove(file.txid());
            size.addAndGet(-file.size());
        }
    }

    /** Trimming makes room on a full disk, and an unknown proof is never taken for "the same", so a failure is not the end. */
    private void keepProofs(List<LogFile> going) {
        try {
            proofs.add(entries(going));
        } catch (IOException e) {
            LOG.warn(
                    "{}: the proofs of {} removed change sets could not be stored: {}. A replica that ends at one of them"
                            + " gets a new snapshot.",
                    folder,
                    going.size(),
                    e.toString());
        }
    }

    private void add(LogFile file) {
        size.addAndGet(file.size());
        files.put(file.txid(), file);
    }

    private Proof check(LtxHeader header) {
        Txid txid = header.txids().max();
        Optional<LogFile> newest = newest();
        boolean follows = newest.isEmpty() || newest.get().txid().next().equals(txid);
        if (!header.txids().isSingle() || !follows) {
            throw new IllegalArgumentException(folder + ": TXIDs " + header.txids() + " after " + newest);
        }
        return header.proof()
                .orElseThrow(() -> new IllegalArgumentException(folder + ": TXID " + txid + " without a proof"));
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
                LtxEncoder encoder = new LtxEncoder(out, header, Scratch.at(disk, folder.resolve("index.tmp")))) {
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

    /** The newest file, strictly, and the files that lead up to it without a hole. */
    private static Run newestRun(Disk disk, NavigableMap<Txid, Path> found) throws IOException {
        List<LogFile> files = new ArrayList<>();
        for (Map.Entry<Txid, Path> each : found.descendingMap().entrySet()) {
            Txid txid = each.getKey();
            if (files.isEmpty()) {
                LogFile newest = LogFile.read(disk, each.getValue(), txid);
                newest.verify();
                files.add(newest);
                continue;
            }
            Txid expected = files.getLast().txid().previous();
            if (!txid.equals(expected)) {
                return new Run(files, found.headMap(txid, true), "TXID " + expected + " is missing");
            }
            try {
                files.add(LogFile.read(disk, each.getValue(), txid));
            } catch (LogException.Damaged e) {
                return new Run(files, found.headMap(txid, true), String.valueOf(e.getMessage()));
            }
        }
        return new Run(files, new TreeMap<>(), "");
    }

    /** What the log keeps of what was found, what it does not, and why. */
    private record Run(List<LogFile> files, NavigableMap<Txid, Path> useless, String hole) {
        Optional<Dropped> dropped() {
            return Optional.ofNullable(useless.lastEntry())
                    .map(newest -> new Dropped(useless.size(), newest.getKey(), hole));
        }
    }

    private static NavigableMap<Txid, Path> findAndClean(Disk disk, Path folder) throws IOException {
        NavigableMap<Txid, Path> found = new TreeMap<>();
        for (FileInfo info : disk.list(folder)) {
            Path path = folder.resolve(info.name());
            if (info.name().endsWith(TEMP_SUFFIX)) {
                disk.delete(path);
            } else {
                txid(info.name()).ifPresent(txid -> found.put(txid, path));
            }
        }
        return found;
    }

    private static Path temp(Path target) {
        return target.resolveSibling(target.getFileName() + TEMP_SUFFIX);
    }

    private static Optional<Txid> txid(String name) {
        if (name.length() != TXID_LENGTH + SUFFIX.length() || !name.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            Txid txid = Txid.parse(name.substring(0, TXID_LENGTH));
            return name.startsWith(txid.toString()) ? Optional.of(txid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
