package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.SqliteConnection;
import dev.runnel.sqlite.WalIndexHeader;
import dev.runnel.sqlite.WalPosition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attached database in WAL mode: follows its WAL, collects the open change set, and serves stable images. Used by one thread at
 * a time.
 *
 * <p>After a {@link SourceException.Discontinuity} it is of no more use: close it, attach again, and look for what
 * differs.
 */
public final class Capture implements ChangeSource, Closeable {
    private final SourceFiles files;
    private final PageSize pageSize;
    private final HandOver handOver;
    private final List<StableImage> images = new ArrayList<>();
    private final Listener listener = new Listener();
    private final ForeignWrites foreignWrites;
    private final Disk disk;
    private final Path scratch;
    private OpenChangeSet open;
    private OpenChangeSet spare;
    private Optional<SealedChangeSet> sealed = Optional.empty();
    private Optional<PinnedPages> pinned = Optional.empty();
    private Optional<GapScan> gapScan = Optional.empty();
    private boolean interrupted;
    private int scratchNumber;

    /**
     * Starts to follow a database whose newest TXID is known.
     *
     * @param files open and reading; closed with the capture
     * @param from where in the WAL to start; what is between it and its end is captured by the next hand-over
     * @param ledger describes the newest TXID; if the start is {@link CaptureStart.Now}, the next change set is what
     *     differs from it
     * @param scratch folder for what does not fit in memory
     */
    public static Capture follow(SourceFiles files, CaptureStart from, Ledger ledger, Disk disk, Path scratch)
            throws IOException {
        Optional<WalPosition> position = switch (from) {
            case CaptureStart.After after -> Optional.of(after.position());
            case CaptureStart.FirstFrame() -> Optional.empty();
            case CaptureStart.Now() -> endOfWal(files);
        };
        Capture capture = new Capture(files, position, ledger.pageCount(), disk, scratch);
        if (from instanceof CaptureStart.Now) {
            capture.pinPages();
            capture.gapScan = Optional.of(new GapScan(ledger, capture.pageSize));
        }
        return capture;
    }

    /** Starts to follow a database of which nothing is known: from now on. */
    public static Capture fresh(SourceFiles files, Disk disk, Path scratch) throws IOException {
        return new Capture(files, endOfWal(files), HandOver.currentPageCount(files), disk, scratch);
    }

    private Capture(SourceFiles files, Optional<WalPosition> position, int pageCountBefore, Disk disk, Path scratch)
            throws IOException {
        this.files = files;
        this.pageSize = new PageSize(files.pageSize());
        this.disk = disk;
        this.scratch = scratch;
        this.open = new OpenChangeSet(disk, scratch.resolve("open-change-set-a.tmp"), pageSize);
        this.spare = new OpenChangeSet(disk, scratch.resolve("open-change-set-b.tmp"), pageSize);
        open.restart(pageCountBefore);
        this.handOver = new HandOver(files, position);
        this.foreignWrites = new ForeignWrites(files);
    }

    /**
     * Checks that what is open here is the database: its names lead to the open files, and nothing but SQLite wrote to it.
     * Holds before anything that was read is reported as complete.
     *
     * @throws SourceException.Discontinuity if that is not so
     */
    public void requireUndisturbed() throws IOException {
        files.requireInPlace();
        foreignWrites.check();
    }

    private static Optional<WalPosition> endOfWal(SourceFiles files) throws IOException {
        WalIndexHeader index = files.walIndex();
        return index.lastFrame() > 0 ? Optional.of(index.end()) : Optional.empty();
    }

    public SourceFiles files() {
        return files;
    }

    @Override
    public PageSize pageSize() {
        return pageSize;
    }

    @Override
    public int pageCount() {
        return handOver.pageCount();
    }

    /** What was seen since attaching: hand-overs, WAL restarts, hand-overs on read mark 0, frames past the end. */
    public CaptureCounters counters() {
        return handOver.counters();
    }

    /** What the wal-index says now; costs next to nothing. */
    public WalIndexHeader peek() throws IOException {
        return files.walIndex();
    }

    /** Whether something is committed that is not captured. */
    public boolean isBehind(WalIndexHeader index) {
        return handOver.isBehind(index);
    }

    /** The number of the last captured frame; 0 before the first. */
    int lastFrame() {
        return handOver.position().map(WalPosition::frame).orElse(0);
    }

    /** Captures everything committed so far and moves the read lock there. */
    public void handOver() throws IOException {
        capture(() -> handOver.step(listener, foreignWrites::check));
        foreignWrites.lockMoved(handOver.pinsFile());
    }

    /**
     * Captures everything that was committed to the open files so far, and moves no lock. What has their names now is
     * another matter: this is the last that can be known of files that were removed or replaced.
     */
    public void drain() throws IOException {
        capture(() -> handOver.drain(listener));
    }

    /** Takes capture further. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void capture(Step step) throws IOException {
        boolean done = false;
        interrupted = true;
        try {
            step.run();
            interrupted = false;
            pinned.ifPresent(pages -> pages.moveTo(handOver.position()));
            done = true;
        } finally {
            if (!done) {
                dropImages();
            }
        }
    }

    @Override
    public int pendingChangeSets() {
        return (sealed.isPresent() ? 1 : 0) + (!open.isUntouched() && isWhole() ? 1 : 0);
    }

    @Override
    public SealedChangeSet seal(FileIdentity database) throws IOException {
        if (sealed.isEmpty()) {
            OpenChangeSet filled = open;
            spare.restart(filled.pageCount());
            open = spare;
            spare = filled;
            sealed = Optional.of(new SealedChangeSet(filled, positionAt(database)));
        }
        return sealed.get();
    }

    @Override
    public void release(SealedChangeSet closed) throws IOException {
        sealed = Optional.empty();
        closed.changes().restart(closed.changes().pageCount());
    }

    @Override
    public boolean isWhole() {
        return !interrupted && gapScan.isEmpty();
    }

    /** Whether the last hand-over was completed, so that the WAL may be checkpointed; also while pages are compared. */
    public boolean isUpToDate() {
        return !interrupted;
    }

    /** Whether no image is being read and no gap scan is running. */
    public boolean isIdle() {
        return images.isEmpty() && isWhole();
    }

    /** Backfills what it can without waiting for anybody: a PASSIVE checkpoint. */
    public void checkpoint() throws IOException {
        // On a connection that reads nothing itself: SQLite refuses it to one that does.
        SqliteConnection connection = files.connect();
        try {
            var _ = files.checkpointPassive(connection);
        } finally {
            files.disconnect(connection);
        }
    }

    @Override
    public SourcePosition positionAt(FileIdentity database) {
        return new SourcePosition(handOver.position(), database);
    }

    /** Whether the pages that differ from the ledger are still being looked for. */
    public boolean isScanning() {
        return gapScan.isPresent();
    }

    /** Scans a bounded number of pages further. */
    public void continueGapScan() throws IOException {
        GapScan scan = gapScan.orElseThrow();
        open.setPageCount(handOver.pageCount());
        if (scan.step(pinPages(), open, handOver.pageCount())) {
            gapScan = Optional.empty();
            releasePagesIfUnused();
        }
    }

    /** Begins an image as of the captured position. */
    StableImage beginImage(PageFilter wanted, long keptLimit) throws IOException {
        pinPages();
        PageStore kept = new PageStore(disk, nextScratchFile(), pageSize.bytes());
        StableImage image = new StableImage(pageSize, handOver.pageCount(), wanted, kept, keptLimit);
        images.add(image);
        return image;
    }

    /** Reads the next pages of an image; an empty chunk means the end. */
    void readImage(StableImage image, PageChunk chunk) throws IOException {
        if (!images.contains(image)) {
            throw new SourceException.Discontinuity(
                    files.database() + ": capture was interrupted while a snapshot was read");
        }
        image.read(pinPages(), chunk);
        if (chunk.isEmpty()) {
            requireUndisturbed();
        }
    }

    void endImage(StableImage image) throws IOException {
        if (images.remove(image)) {
            image.close();
            releasePagesIfUnused();
        }
    }

    @Override
    public PageImage image(PageFilter wanted, long keptLimit) throws IOException {
        StableImage image = beginImage(wanted, keptLimit);
        return new PageImage() {
            @Override
            public int pageCount() {
                return image.pageCount();
            }

            @Override
            public void read(PageChunk chunk) throws IOException {
                readImage(image, chunk);
            }

            @Override
            public void close() throws IOException {
                endImage(image);
            }
        };
    }

    private PinnedPages pinPages() throws IOException {
        if (pinned.isEmpty()) {
            pinned = Optional.of(PinnedPages.of(files, handOver.position(), room()));
        }
        return pinned.get();
    }

    private void releasePagesIfUnused() throws IOException {
        if (images.isEmpty() && gapScan.isEmpty() && pinned.isPresent()) {
            PinnedPages unused = pinned.get();
            pinned = Optional.empty();
            unused.close();
        }
    }

    @Override
    public Scratch room() {
        return Scratch.at(disk, nextScratchFile());
    }

    private Path nextScratchFile() {
        return scratch.resolve("image-" + scratchNumber++ + ".tmp");
    }

    private void dropImages() throws IOException {
        for (StableImage image : List.copyOf(images)) {
            endImage(image);
        }
    }

    /** Ends every read transaction and closes every connection; SQLite may then remove the WAL. */
    @Override
    public void close() throws IOException {
        try {
            gapScan = Optional.empty();
            dropImages();
            releasePagesIfUnused();
            open.close();
            spare.close();
        } finally {
            files.close();
        }
    }

    private final class Listener implements CaptureListener {
        @Override
        public void walRestarted() throws IOException {
            if (pinned.isPresent()) {
                pinned.get().walRestarted();
            }
        }

        @Override
        public void frame(int number, int page, byte[] data, int offset) throws IOException {
            if (pinned.isPresent()) {
                for (StableImage image : images) {
                    image.keep(page, pinned.get());
                }
                pinned.get().captured(number, page);
            }
            open.put(page, data, offset);
        }

        @Override
        public void committed(int pageCount) throws IOException {
            int before = open.pageCount();
            if (pageCount < before && pinned.isPresent()) {
                for (StableImage image : images) {
                    image.keepCutOff(pageCount, before, pinned.get());
                }
            }
            open.setPageCount(pageCount);
        }
    }
}
