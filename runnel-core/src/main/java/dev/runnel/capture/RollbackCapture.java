package dev.runnel.capture;

import dev.runnel.ledger.Ledger;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.Disk;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.FileState;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attached database in rollback mode, where nothing says which pages a commit has changed: each scan compares all of
 * them with the ledger, and what differs is the open change set. Used by one thread at a time.
 */
public final class RollbackCapture implements ChangeSource, Closeable {
    /** What one step of {@link #keepPages} copies at most, and how many entries of the ledger it asks for. */
    private static final int BYTES_A_STEP = 4 << 20;

    private static final int ENTRIES_A_STEP = 1 << 16;
    private static final int NOTHING_TO_KEEP = 0;

    private final RollbackFiles files;
    private final Ledger ledger;
    private final Disk disk;
    private final Path scratch;
    private final PageSize pageSize;
    private final WholeRead reading;
    private final OpenChangeSet open;
    private final List<PageImage> images = new ArrayList<>();
    private final Difference difference = new Difference();
    private Optional<FileState> captured;
    private int pageCount;
    private Optional<KeptPages> keeping = Optional.empty();
    private int nextToKeep = NOTHING_TO_KEEP;
    private boolean imageFailed;
    private int scratchNumber;

    /**
     * Starts to follow a database whose newest TXID is known page by page.
     *
     * @param files closed with the capture
     * @param captured what the file is like at the newest TXID; if that is not known, a scan is due
     */
    public RollbackCapture(
            RollbackFiles files, Optional<FileState> captured, Ledger ledger, Clock clock, Disk disk, Path scratch)
            throws IOException {
        this.files = files;
        this.captured = captured;
        this.ledger = ledger;
        this.disk = disk;
        this.scratch = scratch;
        this.pageSize = new PageSize(files.file().pageSize());
        this.reading = new WholeRead(files, clock);
        this.open = new OpenChangeSet(disk, scratch.resolve("open-change-set.tmp"), pageSize);
        this.pageCount = ledger.pageCount();
        open.restart(pageCount);
    }

    public RollbackFiles files() {
        return files;
    }

    @Override
    public PageSize pageSize() {
        return pageSize;
    }

    @Override
    public int pageCount() {
        return pageCount;
    }

    @Override
    public int pendingChangeSets() {
        return isWhole() && !open.isUntouched() ? 1 : 0;
    }

    /** Nothing is captured before the next scan, which begins by looking for all that differs. */
    @Override
    public SealedChangeSet seal(FileIdentity database) {
        return new SealedChangeSet(open, positionAt(database));
    }

    @Override
    public void release(SealedChangeSet closed) throws IOException {
        open.restart(open.pageCount());
    }

    @Override
    public boolean isWhole() {
        return captured.isPresent() && !reading.isUnderWay();
    }

    /** Whether pages are being compared. */
    public boolean isScanning() {
        return reading.isUnderWay();
    }

    /** Whether no image is being read and nothing is being compared. */
    public boolean isIdle() {
        return images.isEmpty() && isWhole();
    }

    /** Whether something was committed, or done to the file, since the last scan; costs next to nothing. */
    public boolean isBehind() throws IOException {
        return captured.isEmpty() || !captured.get().equals(files.state());
    }

    /** What the file was like when it was captured last. */
    public FileIdentity capturedFile() {
        return captured.orElseThrow().identity();
    }

    @Override
    public SourcePosition positionAt(FileIdentity database) {
        return new SourcePosition(Optional.empty(), database);
    }

    /** Compares further, under one lock. Once it is complete, the open change set is what differs from the ledger. */
    public ScanStep scan() throws IOException {
        if (!reading.isUnderWay()) {
            captured = Optional.empty();
        }
        ScanStep step = step();
        if (step instanceof ScanStep.Complete complete) {
            captured = Optional.of(complete.state());
            pageCount = complete.pageCount();
        }
        return step;
    }

    private ScanStep step() throws IOException {
        try {
            return reading.step(difference);
        } catch (StableImage.OutOfRoom e) {
            stopKeeping();
            throw e;
        }
    }

    /** For how long locks were held so far. */
    public long lockedNanos() {
        return reading.lockedNanos();
    }

    /** How long one lock is held at most, in milliseconds. */
    public long longestHold() {
        return WholeRead.LONGEST_HOLD.toMillis();
    }

    /** Whether the database has changed while a snapshot was read; it will again. */
    public boolean hasFailedImage() {
        return imageFailed;
    }

    /**
     * Keeps the pages changed after a TXID aside: what agrees with the ledger now, without a lock, and the rest as scans
     * compare it. The next scan that is complete after that makes them an image that no later commit can spoil.
     *
     * @return whether everything that agrees is kept, and a scan due; if not, to be called again: each call copies a bounded
     *     number of pages
     */
    public boolean keepPages(Txid after, long keptLimit) throws IOException {
        if (keeping.isEmpty() || !keeping.get().after().equals(after)) {
            stopKeeping();
            keeping = Optional.of(new KeptPages(after, store(), imageScratch(), pageSize, keptLimit));
            nextToKeep = 1;
        }
        if (nextToKeep == NOTHING_TO_KEEP) {
            return true;
        }
        if (!keepWhatAgrees(keeping.get())) {
            return false;
        }
        nextToKeep = NOTHING_TO_KEEP;
        captured = Optional.empty();
        reading.abandon();
        return true;
    }

    private boolean keepWhatAgrees(KeptPages kept) throws IOException {
        try {
            return copyWhatAgrees(kept);
        } catch (SourceException.MissingPage _) {
            // The file has become shorter meanwhile; scans find the rest.
            return true;
        } catch (StableImage.OutOfRoom e) {
            stopKeeping();
            throw e;
        }
    }

    private boolean copyWhatAgrees(KeptPages kept) throws IOException {
        byte[] data = new byte[pageSize.bytes()];
        int last = Math.min(ledger.pageCount(), files.file().pageCount());
        int copied = 0;
        for (int asked = 0; nextToKeep <= last; nextToKeep++, asked++) {
            if (asked == ENTRIES_A_STEP || copied >= BYTES_A_STEP / pageSize.bytes()) {
                return false;
            }
            if (nextToKeep != pageSize.lockPage()
                    && ledger.changedAt(nextToKeep).isAfter(kept.after())) {
                copied++;
                files.file().readPages(nextToKeep, 1, data, 0);
                if (ledger.agrees(nextToKeep, Checksums.page(nextToKeep, data, 0, pageSize.bytes()))) {
                    kept.putAgreeing(nextToKeep, data, 0);
                }
            }
        }
        return true;
    }

    /** Forgets what was kept, if no image was made of it. */
    private void stopKeeping() throws IOException {
        if (keeping.isPresent()) {
            keeping.get().close();
            keeping = Optional.empty();
        }
    }

    @Override
    public PageImage image(PageFilter wanted, long keptLimit) throws IOException {
        PageImage image;
        if (keeping.isPresent()) {
            image = keeping.get().image(wanted, pageCount);
            keeping = Optional.empty();
        } else {
            image = new RollbackImage(files, ledger, wanted);
        }
        images.add(image);
        return new Watched(image);
    }

    private PageStore store() {
        return new PageStore(disk, nextImageFile(), pageSize.bytes());
    }

    private Scratch imageScratch() {
        return Scratch.at(disk, nextImageFile());
    }

    private Path nextImageFile() {
        return scratch.resolve("image-" + scratchNumber++ + ".tmp");
    }

    @Override
    public Scratch room() {
        return imageScratch();
    }

    @Override
    public void close() throws IOException {
        try {
            for (PageImage image : List.copyOf(images)) {
                images.remove(image);
                image.close();
            }
            stopKeeping();
            open.close();
        } finally {
            files.close();
        }
    }

    /** What is compared. */
    private final class Difference implements WholeRead.Target {
        @Override
        public void begin(int count) throws IOException {
            open.restart(ledger.pageCount());
            open.setPageCount(count);
        }

        @Override
        public void page(int page, byte[] data, int offset) throws IOException {
            boolean differs = !ledger.agrees(page, Checksums.page(page, data, offset, pageSize.bytes()));
            if (differs) {
                open.put(page, data, offset);
            }
            if (keeping.isPresent()) {
                keep(keeping.get(), page, differs, data, offset);
            }
        }

        private void keep(KeptPages kept, int page, boolean differs, byte[] data, int offset) throws IOException {
            if (differs) {
                kept.putAhead(page, data, offset);
            } else if (ledger.changedAt(page).isAfter(kept.after())) {
                kept.putAgreeing(page, data, offset);
            }
        }
    }

    /** An image that ends with the capture, and reports its outcome to it. */
    private final class Watched implements PageImage {
        private final PageImage image;

        Watched(PageImage image) {
            this.image = image;
        }

        @Override
        public int pageCount() {
            return image.pageCount();
        }

        @Override
        public void read(PageChunk chunk) throws IOException {
            if (!images.contains(image)) {
                throw new SourceException.Discontinuity(
                        files.file().path() + ": capture was interrupted while a snapshot was read");
            }
            try {
                image.read(chunk);
            } catch (ImageOutdated e) {
                imageFailed = true;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            if (images.remove(image)) {
                image.close();
            }
        }
    }
}
