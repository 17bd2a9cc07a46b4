package dev.runnel.engine;

import dev.runnel.capture.ChangeSource;
import dev.runnel.capture.Continuity;
import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.ProgressHook;
import dev.runnel.log.LogFile;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.sqlite.FileIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the captured pages the next TXID, and notifies the threads that wait for one. */
final class ChangeSets {
    /** How long until a change would show in a file's time, about. */
    static final long SETTLE = Duration.ofMillis(25).toNanos();

    private final ChangeSource capture;
    private final LocalHistory history;
    private final Clock clock;
    private final Consumer<LogFile> onChangeSet;
    private final ClockWatch clockWatch;

    ChangeSets(Path database, ChangeSource capture, LocalHistory history, Clock clock, Consumer<LogFile> onChangeSet) {
        this.clockWatch = new ClockWatch(database, clock, history.txid(), history.time());
        this.capture = capture;
        this.history = history;
        this.clock = clock;
        this.onChangeSet = onChangeSet;
    }

    /**
     * Closes what was captured.
     *
     * @param file the database file, as {@link #provable} gives it
     */
    void close(FileIdentity file, ProgressHook hook) throws IOException {
        history.close(capture, file, hook).ifPresent(this::closed);
    }

    /**
     * Makes sure that the log has a TXID above one, so that it says where we are and a first baseline has something after
     * it. What is captured must be whole, and nothing of it without a TXID.
     */
    void mark(FileIdentity file, Txid above) throws IOException {
        Txid newest = history.log().newest().map(LogFile::txid).orElse(Txid.NONE);
        if (!newest.isAfter(above)) {
            closed(history.closeEmpty(capture, file));
        }
    }

    private void closed(LogFile newest) {
        clockWatch.closed(newest.txid(), newest.time());
        onChangeSet.accept(newest);
    }

    /**
     * Records the position, to continue from it after the next attach.
     *
     * @param file as {@link #provable} gives it, captured to its end; everything is backfilled into it
     * @return to be asked again soon while the file's time is too young to prove anything
     */
    Following.Outcome letGo(FileIdentity file) throws IOException {
        if (file.changedNanos() == 0) {
            return new Following.Outcome.Again(SETTLE);
        }
        history.rest();
        history.letGo(restIn(file));
        return new Following.Outcome.LetGo();
    }

    /** Everything up to the newest TXID is in the database file itself, as long as it is as given. */
    static SourcePosition restIn(FileIdentity file) {
        return new SourcePosition(Optional.empty(), file);
    }

    /** The identity of the file, with its time only if a later change would show in it. */
    FileIdentity provable(FileIdentity file) {
        return Continuity.provable(file, ChronoUnit.NANOS.between(Instant.EPOCH, clock.now()));
    }
}
