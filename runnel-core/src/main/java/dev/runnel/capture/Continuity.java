package dev.runnel.capture;

import dev.runnel.log.SourcePosition;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceFiles;
import dev.runnel.sqlite.WalIndexHeader;
import dev.runnel.sqlite.WalPosition;
import java.io.IOException;
import java.util.Optional;

/**
 * Decides, from durable facts alone, whether all changes to a database since a known position are in its WAL. Two facts
 * prove it: the frame at which we stopped is still there, so the WAL was not reset; or the database file held
 * everything at that position and is untouched, so all later changes are in the WAL. An untouched file beside another
 * WAL proves nothing if frames of the old WAL were still to be backfilled: that WAL may have been removed with them.
 */
public final class Continuity {
    /** Two changes of a file within one tick of the kernel's clock carry the same time. */
    private static final long FRESH_NANOS = 20_000_000;

    private Continuity() {}

    /**
     * Where to start.
     *
     * @param files open and reading
     * @param last where the newest TXID ended; empty if nothing is known
     * @param path the identity of the database file, read while the read lock was held: otherwise changes between
     *     reading it and taking the lock would go unnoticed
     */
    public static CaptureStart from(SourceFiles files, Optional<SourcePosition> last, FileIdentity path)
            throws IOException {
        if (last.isEmpty()
                || !last.get().database().isSameFile(path)
                || !files.file().opened().isSameFile(path)) {
            return new CaptureStart.Now();
        }
        Optional<WalPosition> stopped = last.get().wal();
        WalIndexHeader index = files.walIndex();
        if (stopped.isPresent()
                && stopped.get().isInSameWal(index.end())
                && stopped.get().frame() <= index.lastFrame()
                && files.wal().holds(stopped.get())) {
            return new CaptureStart.After(stopped.get());
        }
        return stopped.isEmpty() && path.isUntouchedSince(last.get().database())
                ? new CaptureStart.FirstFrame()
                : new CaptureStart.Now();
    }

    /**
     * The identity of a database file, with its time only if a later change would show in it. A time in the future comes
     * from a clock that was set back since; a later change gets another one.
     */
    public static FileIdentity provable(FileIdentity identity, long nowNanos) {
        return Math.abs(nowNanos - identity.changedNanos()) > FRESH_NANOS ? identity : identity.withoutTime();
    }
}
