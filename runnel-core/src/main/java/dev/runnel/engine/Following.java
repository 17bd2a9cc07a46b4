package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.Continuity;
import dev.runnel.capture.ImageReader;
import dev.runnel.capture.LocalHistory;
import dev.runnel.capture.WalKeeper;
import dev.runnel.log.LogFile;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.sqlite.SourceException;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One attached database and its local history, taken forward in short steps. It decides nothing about attaching; it says
 * when it is over, and why.
 */
final class Following implements Closeable {
    private static final long QUIET = Duration.ofSeconds(2).toNanos();
    private static final long PLACE_CHECK = Duration.ofMillis(100).toNanos();
    private static final long STUCK = Duration.ofSeconds(5).toNanos();
    private static final long STEP_BUDGET = Duration.ofMillis(10).toNanos();
    private static final long AT_ONCE = 0;
    private static final long SETTLE = Duration.ofMillis(25).toNanos();
    private static final int LEAST_PINS_OF_LIMIT = 4;

    private final DatabaseSpec spec;
    private final Capture capture;
    private final LocalHistory history;
    private final Clock clock;
    private final Rhythm rhythm;
    private final Optional<WalKeeper> keeper;
    private final Runnable onChangeSet;
    private long placeCheckedAt;
    private Optional<Stuck> stuck = Optional.empty();

    /** Capturing, or making what is captured durable, fails. */
    private record Stuck(Doing what, long since, String reason) {}

    private enum Doing {
        CAPTURING,
        SHIPPING
    }

    /** What a step came to. */
    sealed interface Outcome {
        /** Step again after so many nanoseconds, or when something happens. */
        record Again(long nanos) implements Outcome {}

        /** Nobody else has the database open and nothing happens: we let go of it, everything is captured. */
        record LetGo() implements Outcome {}

        /** Another file has the database's name now, or none. */
        record Replaced() implements Outcome {}
    }

    /** Follows with a history whose newest TXID the capture continues. */
    Following(DatabaseSpec spec, Capture capture, LocalHistory history, Clock clock, Runnable onChangeSet) {
        this.spec = spec;
        this.capture = capture;
        this.history = history;
        this.clock = clock;
        this.rhythm = new Rhythm(spec.syncInterval(), clock.ticks());
        this.keeper = spec.checkpoints() == DatabaseSpec.Checkpoints.AUTO
                ? Optional.of(new WalKeeper(capture, spec.walLimit(), clock))
                : Optional.empty();
        this.onChangeSet = onChangeSet;
        this.placeCheckedAt = clock.ticks();
    }

    Capture capture() {
        return capture;
    }

    LocalHistory history() {
        return history;
    }

    /** Whether looking from time to time is better than being told. */
    boolean isBusy() {
        return rhythm.isBusy(clock.ticks());
    }

    /** Healthy, unless the last attempt to capture, or to make what is captured durable, failed. */
    Health health() {
        return stuck.<Health>map(failing -> new Health.Degraded(failing.reason(), "Runnel tries again by itself."))
                .orElseGet(Health.Healthy::new);
    }

    /** Something happened to the files. */
    void event() {
        rhythm.event(clock.ticks());
    }

    /** One step: a few milliseconds at most, but for what SQLite or the disk make us wait. */
    Outcome step() throws IOException {
        long now = clock.ticks();
        if (now - placeCheckedAt >= PLACE_CHECK) {
            placeCheckedAt = now;
            if (!capture.files().isStillInPlace()) {
                return new Outcome.Replaced();
            }
        }
        scan(now);
        WalIndexHeader index = capture.peek();
        if (rhythm.isHandOverDue(index, now)) {
            handOver(index);
        }
        ship(now);
        if (keeper.isPresent() && capture.isWhole() && keeper.get().look(capture.peek(), now, rhythm.quietNanos(now))) {
            handOver(capture.peek());
        }
        if (isReadyToLetGo(now)) {
            return letGo();
        }
        return next();
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
        Stuck failing = new Stuck(what, stuck.map(Stuck::since).orElse(now), e.toString());
        stuck = Optional.of(failing);
        long walBytes = capture.files().wal().sizeOf(capture.peek().lastFrame());
        if (now - failing.since() > STUCK || walBytes > LEAST_PINS_OF_LIMIT * spec.walLimit()) {
            throw e;
        }
    }

    private void ship(long now) throws IOException {
        if (capture.hasChangeSet() && rhythm.isShippingDue(now)) {
            try {
                closeChangeSet();
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
    private Optional<LogFile> closeChangeSet() throws IOException {
        Optional<LogFile> closed = history.close(capture, identity());
        rhythm.shipped(clock.ticks());
        if (closed.isPresent()) {
            onChangeSet.run();
        }
        return closed;
    }

    private FileIdentity identity() throws IOException {
        FileIdentity now = FileIdentity.of(spec.path());
        return now.isSameFile(capture.files().opened())
                ? Continuity.provable(now, wallNanos())
                : capture.files().opened().withoutTime();
    }

    private long wallNanos() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, clock.now());
    }

    /** Captures everything committed so far, and makes it a TXID unless a scan is still under way. */
    void flush() throws IOException {
        capture.handOver();
        if (capture.hasChangeSet()) {
            closeChangeSet();
        }
    }

    /** Makes a TXID in any case, so that the log says where we are and a first baseline has something to follow it. */
    void flushOrMark() throws IOException {
        flush();
        if (history.log().newest().isEmpty()) {
            history.closeEmpty(capture, identity());
            onChangeSet.run();
        }
    }

    /** Begins an image of what is committed now, as the newest TXID. */
    ImageReader beginImage(Txid after) throws IOException {
        flush();
        if (!capture.isWhole()) {
            throw new SourceException.Discontinuity(spec.path() + ": pages that differ are still being looked for");
        }
        return ImageReader.begin(capture, history, after);
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
        flush();
        if (!capture.peek().isAllBackfilled()) {
            capture.checkpoint();
            flush();
            return new Outcome.Again(SETTLE);
        }
        FileIdentity identity = identity();
        if (identity.changedNanos() == 0) {
            return new Outcome.Again(SETTLE);
        }
        history.checkpoint();
        history.letGo(capture.positionAt(identity));
        return new Outcome.LetGo();
    }

    private Outcome next() {
        if (capture.isScanning()) {
            return new Outcome.Again(AT_ONCE);
        }
        return new Outcome.Again(rhythm.nextLook(capture.hasChangeSet(), clock.ticks()));
    }

    /** Ends every read transaction; SQLite may then remove the WAL. The history stays open. */
    @Override
    public void close() throws IOException {
        capture.close();
    }
}
