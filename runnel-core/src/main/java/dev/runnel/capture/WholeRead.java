package dev.runnel.capture;

import dev.runnel.ltx.PageSize;
import dev.runnel.platform.Clock;
import dev.runnel.sqlite.FileState;
import dev.runnel.sqlite.RollbackFiles;
import dev.runnel.sqlite.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads every page of a database in rollback mode as of one commit. While a SHARED lock is held no process can commit,
 * so it is held for milliseconds only; a commit between two locks makes all pages read so far void. So either the state
 * is the same under all locks, and what was read is that state; or the next try begins at the first page, with locks
 * that last longer, up to a limit. What can be read within that limit is therefore always read at the third try.
 */
final class WholeRead {
    static final Duration LONGEST_HOLD = Duration.ofMillis(800);
    private static final long SHORTEST_HOLD_NANOS = Duration.ofMillis(50).toNanos();
    private static final int GROWTH = 4;
    private static final int RUN_BYTES = 1 << 18;

    private final RollbackFiles files;
    private final Clock clock;
    private final PageSize pageSize;
    private final int runPages;
    private long hold = SHORTEST_HOLD_NANOS;
    private Optional<FileState> state = Optional.empty();
    private int pageCount;
    private int next;
    private int locks;
    private long lockedNanos;

    /** Where the pages go. */
    interface Target {
        /** What came before is void; the pages of a database of this size follow, in ascending order. */
        void begin(int pageCount) throws IOException;

        void page(int page, byte[] data, int offset) throws IOException;
    }

    WholeRead(RollbackFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.pageSize = new PageSize(files.file().pageSize());
        this.runPages = Math.max(1, RUN_BYTES / pageSize.bytes());
    }

    /** Whether a part has been read, and not yet all. */
    boolean isUnderWay() {
        return state.isPresent();
    }

    /** For how long locks were held so far. */
    long lockedNanos() {
        return lockedNanos;
    }

    /** The next step begins at the first page. */
    void abandon() {
        state = Optional.empty();
    }

    /**
     * Reads further under one lock. After the end, and after an interruption, the next step begins at the first page.
     */
    ScanStep step(Target target) throws IOException {
        Optional<FileState> before = state;
        state = Optional.empty();
        try (RollbackFiles.Lock _ = files.lock()) {
            long locked = clock.ticks();
            try {
                return stepUnderLock(target, before, locked + hold);
            } finally {
                lockedNanos += clock.ticks() - locked;
            }
        }
    }

    private ScanStep stepUnderLock(Target target, Optional<FileState> before, long until) throws IOException {
        FileState now = stateUnderLock();
        if (before.isPresent() && !before.get().equals(now)) {
            hold = Math.min(GROWTH * hold, LONGEST_HOLD.toNanos());
            return new ScanStep.Interrupted();
        }
        if (before.isEmpty()) {
            pageCount = files.file().pageCount();
            next = 1;
            locks = 0;
            target.begin(pageCount);
        }
        locks++;
        // For this step only: a thousand databases may be between two steps.
        byte[] run = new byte[Math.min(runPages, Math.max(1, pageCount)) * pageSize.bytes()];
        while (next <= pageCount && clock.ticks() < until) {
            readRun(target, run);
        }
        if (next <= pageCount) {
            state = Optional.of(now);
            return new ScanStep.UnderWay();
        }
        if (locks > 1) {
            hold = Math.max(hold / GROWTH, SHORTEST_HOLD_NANOS);
        }
        return new ScanStep.Complete(now, pageCount);
    }

    private FileState stateUnderLock() throws IOException {
        FileState now = files.state();
        if (!now.identity().isSameFile(files.file().opened())) {
            throw new SourceException.Discontinuity(files.file().path() + ": was replaced while it was read");
        }
        if (now.header().pageSize() != pageSize.bytes()) {
            throw new SourceException.Discontinuity(
                    files.file().path() + ": has pages of " + now.header().pageSize() + " bytes now");
        }
        return now;
    }

    private void readRun(Target target, byte[] run) throws IOException {
        if (next == pageSize.lockPage()) {
            next++;
            return;
        }
        int count = Math.min(run.length / pageSize.bytes(), pageCount - next + 1);
        if (next < pageSize.lockPage()) {
            count = Math.min(count, pageSize.lockPage() - next);
        }
        files.file().readPages(next, count, run, 0);
        for (int i = 0; i < count; i++) {
            target.page(next + i, run, i * pageSize.bytes());
        }
        next += count;
    }
}
