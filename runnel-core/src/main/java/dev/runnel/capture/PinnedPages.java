package dev.runnel.capture;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.MemoryBudget;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.WalPosition;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The pages of the database as of the captured position, from the files alone.
 *
 * <p>A page comes from its newest captured frame in the current WAL. One without such a frame is in the database file,
 * where no process can backfill a later version while our lock is held. If the WAL was reset since, all its captured
 * frames had been backfilled before, so the database file has them too.
 */
final class PinnedPages implements Closeable {
    private final SourceFiles files;
    private final PageMap newestFrame;
    private Optional<WalPosition> captured;

    private PinnedPages(SourceFiles files, Optional<WalPosition> captured, Scratch scratch) {
        this.files = files;
        this.captured = captured;
        this.newestFrame = new PageMap(scratch, MemoryBudget.shared());
    }

    /**
     * Takes stock of the frames that the current WAL holds up to the captured position.
     *
     * @param scratch room for the frame numbers of more pages than are kept in memory
     */
    static PinnedPages of(SourceFiles files, Optional<WalPosition> captured, Scratch scratch) throws IOException {
        PinnedPages pages = new PinnedPages(files, captured, scratch);
        boolean done = false;
        try {
            if (captured.isPresent() && files.wal().holds(captured.get())) {
                files.wal().readPageNumbers(captured.get().frame(), pages::captured);
            }
            done = true;
            return pages;
        } finally {
            if (!done) {
                pages.close();
            }
        }
    }

    void walRestarted() throws IOException {
        newestFrame.clear();
    }

    /** From here on this frame is the newest captured one of its page. */
    void captured(int frame, int page) throws IOException {
        newestFrame.put(page, frame);
    }

    /** The captured position has moved; the frames up to it were told one by one. */
    void moveTo(Optional<WalPosition> position) {
        captured = position;
    }

    /** Reads one page. */
    void read(int page, byte[] into, int offset) throws IOException {
        int frame = newestFrame.get(page);
        if (frame == PageMap.ABSENT
                || captured.isEmpty()
                || !files.wal().readPage(frame, captured.get(), into, offset)) {
            files.file().readPages(page, 1, into, offset);
        }
    }

    /** How many pages from the first on, at most a number, are all in the database file. */
    int runInFile(int first, int atMost) throws IOException {
        int n = 0;
        while (n < atMost && !newestFrame.contains(first + n)) {
            n++;
        }
        return n;
    }

    /** Reads consecutive pages that are all in the database file. */
    void readRun(int first, int count, byte[] into, int offset) throws IOException {
        files.file().readPages(first, count, into, offset);
    }

    @Override
    public void close() throws IOException {
        newestFrame.close();
    }
}
