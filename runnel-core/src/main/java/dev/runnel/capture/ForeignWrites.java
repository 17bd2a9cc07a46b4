package dev.runnel.capture;

import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.util.Optional;

/**
 * Detects that something other than SQLite wrote to a database file in place, as {@code cp} of a backup does: pages that no
 * frame holds may then differ from the ledger. In WAL mode SQLite writes to the file in checkpoints only, so a change is
 * foreign
 * <ul>
 *   <li>while our lock is on read mark 0, because no checkpoint can write then; and
 *   <li>while the wal-index stood still with no checkpoint under way, because checkpoints move it.
 * </ul>
 */
final class ForeignWrites {
    private final SourceFiles files;
    private Optional<Seen> last = Optional.empty();
    private Optional<FileIdentity> pinned = Optional.empty();

    ForeignWrites(SourceFiles files) {
        this.files = files;
    }

    /** The file, read after the wal-index. */
    private record Seen(WalIndexHeader index, FileIdentity file) {}

    /**
     * Looks at the file.
     *
     * @throws SourceException.Discontinuity if another program wrote to it since the last look
     */
    void check() throws IOException {
        WalIndexHeader before = files.walIndex();
        Optional<FileIdentity> file = files.file().current();
        if (pinned.isPresent() && !pinned.equals(file)) {
            throw foreign();
        }
        WalIndexHeader after = files.walIndex();
        if (file.isEmpty() || !before.isCheckpointAtRest() || !sameCheckpoints(before, after)) {
            last = Optional.empty();
            return;
        }
        Optional<Seen> earlier = last;
        last = Optional.of(new Seen(after, file.get()));
        if (earlier.isPresent()
                && sameCheckpoints(earlier.get().index(), before)
                && !earlier.get().file().equals(file.get())) {
            throw foreign();
        }
    }

    /**
     * Our lock is another one now.
     *
     * @param pinsFile whether it keeps every checkpoint from writing
     */
    void lockMoved(boolean pinsFile) throws IOException {
        pinned = pinsFile ? files.file().current() : Optional.empty();
    }

    private SourceException foreign() {
        return new SourceException.Discontinuity(files.file().name().configured()
                + ": a program other than SQLite wrote to the file while it was in use");
    }

    /** Commits move the end of the WAL and write nothing to the file; checkpoints and resets of the WAL show in these. */
    private static boolean sameCheckpoints(WalIndexHeader a, WalIndexHeader b) {
        return a.backfilled() == b.backfilled()
                && a.attempted() == b.attempted()
                && a.salt1() == b.salt1()
                && a.salt2() == b.salt2();
    }
}
