package dev.runnel.engine;

import dev.runnel.capture.ImageReader;
import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.ProgressHook;
import dev.runnel.capture.RollbackCapture;
import dev.runnel.capture.ScanStep;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows an attached database in rollback mode: when the file has changed, its pages are compared with the ledger. */
final class RollbackFollowing implements Following {
    private static final long QUIET = Duration.ofSeconds(2).toNanos();
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();
    private static final long AT_ONCE = 0;
    private static final long SOON = Duration.ofMillis(1).toNanos();
    private static final int TRIES = 4;

    /** A thread that requests an image asks again, after a while in which the application has the file for itself. */
    private static final int TRIES_FOR_AN_IMAGE = 2;

    private static final long KEPT_LIMIT = 4L << 30;

    private final DatabaseSpec spec;
    private final RollbackCapture capture;
    private final LocalHistory history;
    private final Clock clock;
    private final ChangeSets changeSets;
    private final PollTimes looks;
    private final ScanRhythm scans;
    private boolean behind = true;
    private int interruptedInARow;
    private Optional<Failing> failing = Optional.empty();

    /** No scan has been completed for a while. */
    private record Failing(SourceException why, long since, int times) {}

    /** Follows with a history whose newest TXID the capture continues. */
    RollbackFollowing(
            DatabaseSpec spec,
            RollbackCapture capture,
            LocalHistory history,
            Clock clock,
            Consumer<LogFile> onChangeSet) {
        this.spec = spec;
        this.capture = capture;
        this.history = history;
        this.clock = clock;
        this.changeSets = new ChangeSets(spec.path(), capture, history, clock, onChangeSet);
        this.looks = new PollTimes(clock.ticks());
        this.scans = new ScanRhythm(spec.syncInterval(), clock.ticks());
    }

    @Override
    public LocalHistory history() {
        return history;
    }

    @Override
    public void event() {
        looks.event(clock.ticks());
    }

    @Override
    public boolean isBusy() {
        return behind && !scans.isDue(clock.ticks());
    }

    @Override
    public Health health() {
        return failing.filter(it -> it.times() >= TRIES && clock.ticks() - it.since() >= PATIENCE)
                .<Health>map(
                        it -> new Health.Degraded(it.why().reason(), it.why().nextStep()))
                .orElseGet(Health.Healthy::new);
    }

    @Override
    public Outcome step() throws IOException {
        long now = clock.ticks();
        if (!capture.files().file().isStillInPlace()) {
            return new Outcome.Replaced();
        }
        look(now);
        if (capture.isScanning() || (behind && scans.isDue(now))) {
            try {
                scan();
            } catch (SourceException.Refused e) {
                refused(e);
            }
            ship();
            look(clock.ticks());
        }
        if (isReadyToLetGo(now)) {
            return changeSets.letGo(identity());
        }
        return next();
    }

    private void look(long now) throws IOException {
        behind = capture.isBehind();
        if (behind) {
            looks.event(now);
        }
    }

    private ScanStep scan() throws IOException {
        long begun = clock.ticks();
        long before = capture.lockedNanos();
        ScanStep step = capture.scan();
        long now = clock.ticks();
        scans.worked(begun, capture.lockedNanos() - before);
        switch (step) {
            case ScanStep.UnderWay() -> {}
            case ScanStep.Interrupted() -> {
                scans.interrupted(now);
                interruptedInARow++;
                failed(new SourceException.Restless(spec.path(), capture.longestHold()));
            }
            case ScanStep.Complete _ -> {
                scans.completed(now);
                interruptedInARow = 0;
                failing = Optional.empty();
            }
        }
        return step;
    }

    /** Somebody keeps a lock: that may be one large transaction. */
    private void refused(SourceException.Refused e) throws SourceException {
        if (!e.isBusy()) {
            throw e;
        }
        scans.refused(clock.ticks());
        failed(e);
    }

    private void failed(SourceException why) {
        long since = failing.map(Failing::since).orElseGet(clock::ticks);
        failing =
                Optional.of(new Failing(why, since, failing.map(Failing::times).orElse(0) + 1));
    }

    private void ship() throws IOException {
        if (capture.hasChangeSet()) {
            changeSets.close(identity(), ProgressHook.NOTHING);
        }
    }

    /** Of the file as it was captured, with its time only if it is still the same and a later change would show in it. */
    private FileIdentity identity() throws IOException {
        FileIdentity file = changeSets.provable(capture.capturedFile());
        return capture.isBehind() ? file.withoutTime() : file;
    }

    @Override
    public boolean flush() throws IOException {
        return flush(TRIES);
    }

    @Override
    public Optional<Txid> upcoming() throws IOException {
        if (!capture.isWhole() || capture.isBehind()) {
            return Optional.empty();
        }
        // What was committed under this name so far is captured only if it still leads to the file that was read.
        capture.files().file().requireInPlace();
        return Optional.of(history.upcoming(capture));
    }

    /** One step of a scan, which a lock limits. What fails too often in a row is given up. */
    private boolean flush(int tries) throws IOException {
        if (!capture.isWhole() || capture.isBehind()) {
            ScanStep step = scan();
            if (step instanceof ScanStep.Interrupted && interruptedInARow >= tries) {
                interruptedInARow = 0;
                throw new SourceException.Restless(spec.path(), capture.longestHold());
            }
            if (!(step instanceof ScanStep.Complete)) {
                return false;
            }
        }
        ship();
        capture.files().file().requireInPlace();
        return true;
    }

    @Override
    public void finish() {
        // The position of the newest TXID says it all.
    }

    @Override
    public boolean isWhole() {
        return capture.isWhole();
    }

    @Override
    public boolean flushAbove(Txid txid) throws IOException {
        boolean isWhole = flush();
        if (isWhole) {
            changeSets.mark(identity(), txid);
        }
        return isWhole;
    }

    @Override
    public Optional<ImageReader> beginImage(Txid after) throws IOException {
        if (capture.hasFailedImage() && !capture.keepPages(after, KEPT_LIMIT)) {
            return Optional.empty();
        }
        return flush(TRIES_FOR_AN_IMAGE) ? Optional.of(ImageReader.begin(capture, history, after)) : Optional.empty();
    }

    private boolean isReadyToLetGo(long now) {
        return spec.attach() == DatabaseSpec.Attach.AUTO
                && !behind
                && looks.quietNanos(now) >= QUIET
                && capture.isIdle();
    }

    private Outcome next() {
        long now = clock.ticks();
        if (capture.isScanning()) {
            return new Outcome.Again(AT_ONCE);
        }
        // Events may be off, so whether the file is still there shows only when it is looked for.
        long wait = behind ? Math.min(scans.untilDue(now), LONGEST_WAIT) : looks.next(now) - now;
        return new Outcome.Again(Math.max(wait, SOON));
    }

    @Override
    public void close() throws IOException {
        capture.close();
    }
}
