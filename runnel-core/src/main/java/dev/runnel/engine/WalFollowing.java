package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.ImageReader;
import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.Meanwhile;
import dev.runnel.capture.WalKeeper;
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

/** Follows the WAL of an attached database. */
final class WalFollowing implements Following {
    private static final long QUIET = Duration.ofSeconds(2).toNanos();
    private static final long PLACE_CHECK = Duration.ofMillis(100).toNanos();
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
    private long placeCheckedAt;
    private Optional<Stuck> stuck = Optional.empty();

    /** Capturing, or making what is captured durable, fails. */
    private record Stuck(Doing what, long since, String reason) {}

    private enum Doing {
        CAPTURING,
        SHIPPING
    }

    /** Follows with a history whose newest TXID the capture continues. */
    WalFollowing(DatabaseSpec spec, Capture capture, LocalHistory history, Clock clock, Runnable onChangeSet) {
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
        this.placeCheckedAt = begunAt;
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
        if (now - placeCheckedAt >= PLACE_CHECK) {
            placeCheckedAt = now;
            if (!capture.files().file().isStillInPlace()) {
                return new Outcome.Replaced();
            }
        }
        scan(now);
        moveOn(now);
        ship(now);
        keepWalSmall(now);
        if (isReadyToLetGo(now)) {
            return letGo();
        }
        return next();
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

    /** A pin on the WAL is a courtesy with a limit: what cannot be captured is let go, and found by comparing later. */
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
    private void closeChangeSet(Meanwhile meanwhile) throws IOException {
        changeSets.close(identity(), meanwhile);
        rhythm.shipped(clock.ticks());
    }

    /**
     * Closing a large change set takes longer than the lock may stay where it is: the WAL would grow, and the application
     * would then have all of it to copy back in one of its commits.
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
        FileIdentity now = FileIdentity.of(spec.path());
        return now.isSameFile(opened) ? changeSets.provable(now) : opened.withoutTime();
    }

    @Override
    public boolean flush() throws IOException {
        capture.handOver();
        while (capture.hasChangeSet()) {
            closeChangeSet(Meanwhile.NOTHING);
        }
        return capture.isWhole();
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
     * Lets go in an orderly way. First everything is captured and copied back, as SQLite would do at the last close; then
     * the file's identity is recorded while our lock, on read mark 0, keeps anybody from copying back more. If the file is
     * as recorded when we come back, nothing but what is in its WAL has happened.
     */
    private Outcome letGo() throws IOException {
        var _ = flush();
        if (!capture.peek().isAllBackfilled()) {
            capture.checkpoint();
            var _ = flush();
            return new Outcome.Again(ChangeSets.SETTLE);
        }
        return changeSets.letGo(identity());
    }

    private Outcome next() {
        if (capture.isScanning()) {
            return new Outcome.Again(AT_ONCE);
        }
        return new Outcome.Again(rhythm.nextLook(capture.hasChangeSet(), clock.ticks()));
    }

    @Override
    public void closeReplaced() throws IOException {
        boolean openElsewhere = true;
        try {
            openElsewhere = capture.files().isOpenElsewhere();
        } finally {
            close();
        }
        if (!openElsewhere) {
            capture.files().removeFilesOfReplacedDatabase();
        }
    }

    /** Ends every read transaction; SQLite may then remove the WAL. */
    @Override
    public void close() throws IOException {
        capture.close();
    }
}
