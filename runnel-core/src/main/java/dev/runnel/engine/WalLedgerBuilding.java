package dev.runnel.engine;

import dev.runnel.capture.Capture;
import dev.runnel.capture.LedgerScan;
import dev.runnel.capture.WalKeeper;
import dev.runnel.ledger.Ledger;
import dev.runnel.platform.Clock;
import dev.runnel.sqlite.WalIndexHeader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Makes the ledger of a database in WAL mode. Between two pieces the lock moves on and the WAL is kept within its limit. */
final class WalLedgerBuilding implements LedgerBuilding {
    private static final long STEP_BUDGET = Duration.ofMillis(10).toNanos();

    private final DatabaseSpec spec;
    private final Capture capture;
    private final LedgerScan scan;
    private final Clock clock;
    private final Rhythm rhythm;
    private final Optional<WalKeeper> keeper;

    WalLedgerBuilding(DatabaseSpec spec, Capture capture, LedgerScan scan, Clock clock) {
        this.spec = spec;
        this.capture = capture;
        this.scan = scan;
        this.clock = clock;
        this.rhythm = new Rhythm(spec.syncInterval(), clock.ticks());
        this.keeper = spec.checkpoints() == DatabaseSpec.Checkpoints.AUTO
                ? Optional.of(new WalKeeper(capture, spec.walLimit(), clock))
                : Optional.empty();
    }

    @Override
    public String doing() {
        return "reading all pages of " + spec.path();
    }

    @Override
    public Optional<Ledger> step() throws IOException {
        long begun = clock.ticks();
        do {
            Optional<Ledger> made = scan.step();
            capture.requireUndisturbed();
            if (made.isPresent()) {
                return made;
            }
            keepUp();
        } while (clock.ticks() - begun < STEP_BUDGET);
        scan.rest();
        return Optional.empty();
    }

    private void keepUp() throws IOException {
        long now = clock.ticks();
        WalIndexHeader index = capture.peek();
        if (rhythm.isHandOverDue(index, now)) {
            handOver(index, now);
        }
        if (keeper.isPresent() && keeper.get().look(capture.peek(), now, rhythm.quietNanos(now))) {
            handOver(capture.peek(), clock.ticks());
        }
    }

    private void handOver(WalIndexHeader before, long now) throws IOException {
        capture.handOver();
        rhythm.handedOver(before, now);
    }

    @Override
    public void close() throws IOException {
        scan.close();
    }
}
