package dev.runnel.capture;

import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * The pages of the database as of the captured position, from the files alone.
 *
 * <p>A page comes from its newest captured frame in the current WAL. One without such a frame is in the database file,
 * where nobody can copy back a later version while our lock is held. If the WAL was restarted since, all its captured
 * frames had been copied back before, so the database file has them too.
 */
final class PinnedPages {
    private final SourceFiles files;
    private final IntMap newestFrame = new IntMap();
    private Optional<WalPosition> captured;

    /** Takes stock of the frames that the current WAL holds up to the captured position. */
    PinnedPages(SourceFiles files, Optional<WalPosition> captured) throws IOException {
        this.files = files;
        this.captured = captured;
        if (captured.isPresent() && files.wal().holds(captured.get())) {
            files.wal().readPageNumbers(captured.get().frame(), (number, page) -> newestFrame.put(page, number));
        }
    }

    void walRestarted() {
        newestFrame.clear();
    }

    /** From here on this frame is the newest captured one of its page. */
    void captured(int frame, int page) {
        newestFrame.put(page, frame);
    }

    /** The captured position has moved; the frames up to it were told one by one. */
    void moveTo(Optional<WalPosition> position) {
        captured = position;
    }

    /** Reads one page. */
    void read(int page, byte[] into, int offset) throws IOException {
        int frame = newestFrame.get(page);
        if (frame == IntMap.ABSENT
                || captured.isEmpty()
                || !files.wal().readPage(frame, captured.get(), into, offset)) {
            files.file().readPages(page, 1, into, offset);
        }
    }

    /** How many pages from the first on, at most a number, are all in the database file. */
    int runInFile(int first, int atMost) {
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
}
