package dev.runnel.capture;

import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.SqliteConnection;
import dev.runnel.sqlite.WalIndexHeader;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * Moves along a WAL hand over hand, and writes nothing to do so.
 *
 * <p>SQLite lets a reader pin the WAL. One that began while frames were not yet backfilled (read mark 1 to 4) prevents
 * a WAL reset. One that began when everything was backfilled (read mark 0) prevents further backfilling, while the next
 * writer may reset the WAL once. So at all times at least one read transaction is open, on one of two connections. To
 * move forward: read the frames that the open transaction pins; begin on the other connection; read the rest; only then
 * end the older transaction. SQLite may reuse frames that were captured before the older lock ended; frames that were
 * not captured are still pinned by the newer one.
 *
 * <p>It follows that a WAL with other salts continues the one before it without loss as long as a lock was held
 * throughout: nothing uncaptured can have been backfilled, and without backfilling there is no reset.
 */
final class HandOver {
    /** The rest that is read between taking the new lock and ending the old one. */
    private static final long SMALL_REST = 1 << 20;

    private static final int CATCH_UP_ROUNDS = 64;

    private final SourceFiles files;
    private SqliteConnection held;
    private SqliteConnection next;
    private Optional<WalPosition> position;
    private int pageCount;
    private long restarts;
    private long handOvers;
    private long onMarkZero;
    private long framesBeyondSeen;
    private boolean pinsFile;

    /**
     * Starts at a place in the WAL.
     *
     * @param files whose first connection is reading
     * @param position the last captured frame of the present WAL; empty if all of its frames are still to be captured
     */
    HandOver(SourceFiles files, Optional<WalPosition> position) throws IOException {
        this.files = files;
        this.held = files.firstConnection();
        this.next = files.connect();
        this.position = position;
        this.pageCount = currentPageCount(files);
    }

    /** The database's size in pages as of now, as SQLite sees it. */
    static int currentPageCount(SourceFiles files) throws IOException {
        WalIndexHeader index = files.walIndex();
        return index.lastFrame() > 0 ? index.pageCount() : files.file().pageCount();
    }

    /** The last captured frame; empty while the WAL has held none. */
    Optional<WalPosition> position() {
        return position;
    }

    /** The database's size in pages as of the last captured frame. */
    int pageCount() {
        return pageCount;
    }

    /** Whether something is committed that is not captured. */
    boolean isBehind(WalIndexHeader index) {
        return index.lastFrame() > 0 && !(position.isPresent() && position.get().equals(index.end()));
    }

    CaptureCounters counters() {
        return new CaptureCounters(handOvers, restarts, onMarkZero, framesBeyondSeen);
    }

    /**
     * Whether the held lock keeps every process from writing to the database file: it began when everything was
     * backfilled, so no checkpoint can write before it ends.
     */
    boolean pinsFile() {
        return pinsFile;
    }

    /** The check before a lock is released. */
    @FunctionalInterface
    interface Check {
        void run() throws IOException;
    }

    /** Captures everything committed so far, and moves the lock there. */
    void step(CaptureListener listener, Check beforeRelease) throws IOException {
        for (int i = 0; i < CATCH_UP_ROUNDS && bytesBehind(files.walIndex()) > SMALL_REST; i++) {
            capture(listener);
        }
        WalIndexHeader before = files.walIndex();
        boolean allBackfilled = before.isAllBackfilled();
        next.begin();
        boolean nextPinsFile = allBackfilled && before.equals(files.walIndex());
        try {
            capture(listener);
            beforeRelease.run();
        } catch (IOException e) {
            // The older lock still pins what could not be captured; the newer one must not take its place.
            next.end();
            throw e;
        }
        held.end();
        SqliteConnection ended = held;
        held = next;
        next = ended;
        pinsFile = nextPinsFile;
        handOvers++;
        onMarkZero += allBackfilled && files.walIndex().isAllBackfilled() ? 1 : 0;
    }

    /** Captures what the held lock pins, and opens nothing for it: for files whose names are lost. */
    void drain(CaptureListener listener) throws IOException {
        capture(listener);
    }

    private long bytesBehind(WalIndexHeader index) {
        if (!isBehind(index)) {
            return 0;
        }
        boolean sameWal = position.isPresent() && position.get().isInSameWal(index.end());
        return files.wal().sizeOf(index.lastFrame() - (sameWal ? position.get().frame() : 0));
    }

    private void capture(CaptureListener listener) throws IOException {
        WalIndexHeader index = files.walIndex();
        if (!isBehind(index)) {
            return;
        }
        WalPosition from;
        if (position.isPresent() && position.get().isInSameWal(index.end())) {
            from = position.get();
            if (from.frame() > index.lastFrame() || !files.wal().holds(from)) {
                throw new SourceException.Discontinuity(
                        files.database() + "-wal: frame " + from.frame() + " is no longer what was captured");
            }
        } else {
            from = files.wal().startOf(index);
            restarts += position.isPresent() ? 1 : 0;
            listener.walRestarted();
        }
        WalPosition end = files.wal().read(from, index, (number, page, size, data, offset) -> {
            listener.frame(number, page, data, offset);
            if (size != 0) {
                listener.committed(size);
            }
        });
        framesBeyondSeen += files.wal().hasFrameBeyond(index) ? 1 : 0;
        position = Optional.of(end);
        pageCount = index.pageCount();
    }
}
