package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.ImageReader;
import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.ProgressHook;
import dev.runnel.capture.WalKeeper;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.FaultText;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the WAL of an attached database. */
final class WalFollowing implements Following {
    private static final Logger LOG = LoggerFactory.getLogger(WalFollowing.class);
    private static final long QUIET = Duration.ofSeconds(2).toNanos();
    private static final long STUCK = Duration.ofSeconds(5).toNanos();
    private static final long STEP_BUDGET = Duration.ofMillis(10).toNanos();
    private static final long TELL_AFTER = Duration.ofSeconds(2).toNanos();
    private static final long AT_ONCE = 0;
    private static final int LEAST_PINS_OF_LIMIT = 4;

    private final DatabaseSpec spec;
    private final Capture capture;
    private final LocalHistory history;
    private final Clock clock;
    private final Rhythm rhythm;
    private final Optional<WalKeeper> keeper;
    private final ChangeSets changeSets;
    private final long begunAt;
    private Optional<Stuck> stuck = Optional.empty();
    private Optional<Resting> resting = Optional.empty();

    /** Capturing, or making what is captured durable, fails. */
    private record Stuck(Doing what, long since, String reason) {}

    /** The newest TXID is in this file, as it is, and that is recorded. */
    private record Resting(Txid txid, FileIdentity file) {}

    private enum Doing {
        CAPTURING,
        SHIPPING
    }

    /** Follows with a history whose newest TXID the capture continues. */
    WalFollowing(DatabaseSpec spec, Capture capture, LocalHistory history, Clock clock, Consumer<LogFile> onChangeSet) {
        this.spec = spec;
        this.capture = capture;
        this.history = history;
        this.clock = clock;
        this.rhythm = new Rhythm(spec.syncInterval(), clock.ticks());
        this.keeper = spec.checkpoints() == DatabaseSpec.Checkpoints.AUTO
                ? Optional.of(new WalKeeper(capture, spec.walLimit(), clock))
                : Optional.empty();
        this.changeSets = new ChangeSets(spec.path(), capture, history, clock, onChangeSet);
        this.begunAt = clock.ticks();
    }

    @Override
    public LocalHistory history() {
        return history;
    }

    @Override
    public boolean isBusy() {
        return rhythm.isBusy(clock.ticks());
    }

    @Override
    public Health health() {
        return stuck.<Health>map(failing -> new Health.Degraded(failing.reason(), "Runnel tries again by itself."))
                .orElseGet(this::healthWhileCapturing);
    }

    private Health healthWhileCapturing() {
        if (!capture.isScanning() || clock.ticks() - begunAt < TELL_AFTER) {
            return new Health.Healthy();
        }
        return new Health.Working(
                "comparing all pages of " + spec.path()
                        + " with the ledger; what is committed is captured, and uploaded after that",
                "No action needed.");
    }

    @Override
    public void event() {
        rhythm.event(clock.ticks());
    }

    @Override
    public Outcome step() throws IOException {
        long now = clock.ticks();
        if (!capture.files().isInPlace()) {
            drain();
            return new Outcome.Replaced();
        }
        capture.requireUndisturbed();
        scan(now);
        moveOn(now);
        ship(now);
        keepWalSmall(now);
        completeLastClose();
        recordRest();
        if (isReadyToLetGo(now)) {
            return letGo();
        }
        return next();
    }

    /**
     * What was committed to the open files before they lost their names was a state of the database, so it becomes a TXID.
     * What has the names now is compared when it is attached.
     */
    private void drain() throws IOException {
        try {
            capture.drain();
            while (capture.hasChangeSet()) {
                closeChangeSet(ProgressHook.NOTHING);
            }
        } catch (SourceException e) {
            LOG.info("{}: the rest of the removed or replaced files cannot be read: {}", spec.path(), e.getMessage());
        }
    }

    /**
     * An application's last close backfills the WAL, but it cannot while Runnel has the database open. So Runnel does it
     * in its place, at once: a backup that is copied over the file must not meet frames that are older.
     */
    private void completeLastClose() throws IOException {
        WalIndexHeader index = capture.peek();
        if (!index.isAllBackfilled()
                && !capture.isBehind(index)
                && capture.isWhole()
                && spec.checkpoints() == DatabaseSpec.Checkpoints.AUTO
                && !capture.files().isOpenElsewhere()) {
            capture.checkpoint();
            handOver(capture.peek());
        }
    }

    private void moveOn(long now) throws IOException {
        WalIndexHeader index = capture.peek();
        if (rhythm.isHandOverDue(index, now)) {
            handOver(index);
        }
    }

    private void keepWalSmall(long now) throws IOException {
        if (keeper.isPresent()
                && capture.isUpToDate()
                && keeper.get().look(capture.peek(), now, rhythm.quietNanos(now))) {
            handOver(capture.peek());
        }
    }

    /**
     * Where everything is captured and backfilled, the file itself is the newest TXID. Recorded, that saves a comparison of
     * all pages if Runnel is killed: the next commit begins a new WAL. Our lock, on read mark 0, keeps the file as it is.
     */
    private void recordRest() throws IOException {
        WalIndexHeader index = capture.peek();
        if (index.isAllBackfilled() && !rhythm.isMoved(index) && capture.isWhole() && !capture.hasChangeSet()) {
            FileIdentity file = identity();
            Resting now = new Resting(history.txid(), file);
            if (file.changedNanos() != 0 && !resting.equals(Optional.of(now))) {
                history.letGo(ChangeSets.restIn(file));
                resting = Optional.of(now);
            }
        }
    }

    private void scan(long now) throws IOException {
        while (capture.isScanning() && clock.ticks() - now < STEP_BUDGET) {
            capture.continueGapScan();
        }
    }

    private void handOver(WalIndexHeader before) throws IOException {
        long now = clock.ticks();
        try {
            capture.handOver();
            rhythm.handedOver(before, now);
            stuck = stuck.filter(failing -> failing.what() != Doing.CAPTURING);
        } catch (SourceException | NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            giveUpIfStuck(Doing.CAPTURING, e, now);
        }
    }

    /**
     * The pin on the WAL has a limit: if commits cannot be captured, the lock is released, and they are found by
     * comparing pages later.
     */
    private void giveUpIfStuck(Doing what, IOException e, long now) throws IOException {
        Stuck failing = new Stuck(what, stuck.map(Stuck::since).orElse(now), FaultText.of(e));
        stuck = Optional.of(failing);
        long walBytes = capture.files().wal().sizeOf(capture.peek().lastFrame());
        if (now - failing.since() > STUCK || walBytes > LEAST_PINS_OF_LIMIT * spec.walLimit()) {
            throw e;
        }
    }

    private void ship(long now) throws IOException {
        if (capture.hasChangeSet() && rhythm.isShippingDue(now)) {
            try {
                closeChangeSet(this::keepUp);
                stuck = Optional.empty();
            } catch (SourceException | NoSuchFileException e) {
                // With our own folder gone there is nothing to wait for.
                throw e;
            } catch (IOException e) {
                giveUpIfStuck(Doing.SHIPPING, e, now);
            }
        }
    }

    /** Makes what is captured the next TXID. */
    private void closeChangeSet(ProgressHook hook) throws IOException {
        changeSets.close(identity(), hook);
        rhythm.shipped(clock.ticks());
    }

    /**
     * Closing a large change set takes longer than the lock may stay where it is: the WAL would grow, and the application
     * would then have all of it to backfill in one of its commits.
     */
    private void keepUp() throws IOException {
        long now = clock.ticks();
        if (rhythm.isHoldOver(now)) {
            moveOn(now);
            keepWalSmall(now);
        }
    }

    private FileIdentity identity() throws IOException {
        FileIdentity opened = capture.files().file().opened();
        return capture.files()
                .file()
                .current()
                .filter(opened::isSameFile)
                .map(changeSets::provable)
                .orElseGet(opened::withoutTime);
    }

    @Override
    public boolean flush() throws IOException {
        capture.handOver();
        while (capture.hasChangeSet()) {
            closeChangeSet(ProgressHook.NOTHING);
        }
        // What was committed under these names so far is captured only if they still lead to the files that were read.
        capture.requireUndisturbed();
        return capture.isWhole();
    }

    @Override
    public Optional<Txid> upcoming() throws IOException {
        capture.handOver();
        capture.requireUndisturbed();
        return capture.isWhole() ? Optional.of(history.upcoming(capture)) : Optional.empty();
    }

    @Override
    public void finish() throws IOException {
        if (!capture.isWhole()) {
            return;
        }
        completeLastClose();
        var _ = flush();
        FileIdentity file = identity();
        if (capture.peek().isAllBackfilled() && file.changedNanos() != 0) {
            history.letGo(ChangeSets.restIn(file));
        }
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
        return flush() ? Optional.of(ImageReader.begin(capture, history, after)) : Optional.empty();
    }

    private boolean isReadyToLetGo(long now) throws IOException {
        return spec.attach() == DatabaseSpec.Attach.AUTO
                && rhythm.quietNanos(now) >= QUIET
                && capture.isIdle()
                && !capture.files().isOpenElsewhere();
    }

    /**
     * Lets go in an orderly way. First everything is captured and backfilled, as SQLite would do at the last close; then
     * the file's identity is recorded while our lock, on read mark 0, keeps anybody from backfilling more. If the file is
     * as recorded when we come back, nothing but what is in its WAL has happened.
     */
    private Outcome letGo() throws IOException {
        var _ = flush();
        if (!capture.peek().isAllBackfilled()) {
            capture.checkpoint();
            var _ = flush();
            return new Outcome.Again(ChangeSets.SETTLE);
        }
        Outcome outcome = changeSets.letGo(identity());
        capture.requireUndisturbed();
        return outcome;
    }

    private Outcome next() {
        if (capture.isScanning()) {
            return new Outcome.Again(AT_ONCE);
        }
        return new Outcome.Again(rhythm.nextLook(capture.hasChangeSet(), clock.ticks()));
    }

    /** Ends every read transaction; SQLite may then remove the WAL. */
    @Override
    public void close() throws IOException {
        capture.close();
    }
}
