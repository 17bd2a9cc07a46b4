package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ledger.Ledger;
import dev.runnel.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Attaches a database whose ledger is missing: makes one from all pages, and follows the database with it. In bounded steps
 * on the disk lane, so that other databases go on meanwhile.
 */
final class FirstScan implements Closeable {
    private final HistoryOpening opening;
    private final HistoryOpening.Found.Ledgerless found;
    private final Source source;
    private final LedgerBuilding building;
    private Optional<LocalHistory> history = Optional.empty();
    private Optional<Following> begun = Optional.empty();
    private boolean isGivenAway;

    /** The outcome of a step. */
    sealed interface Step {
        /** More steps are needed. */
        record More() implements Step {}

        /** The database is followed. */
        record Attached(Following following) implements Step {}

        /**
         * The database is not in the state that is proved of the newest TXID.
         *
         * @param checksum of the database
         */
        record Differs(long checksum) implements Step {}
    }

    FirstScan(HistoryOpening opening, HistoryOpening.Found.Ledgerless found, Source source, LedgerBuilding building) {
        this.opening = opening;
        this.found = found;
        this.source = source;
        this.building = building;
    }

    String doing() {
        return building.doing();
    }

    Step step() throws IOException {
        if (begun.isEmpty()) {
            Optional<Ledger> ledger = building.step();
            if (ledger.isEmpty()) {
                return new Step.More();
            }
            HistoryOpening.Scan scan = opening.scanned(found, ledger.get());
            history = scan.history();
            if (history.isEmpty()) {
                return new Step.Differs(scan.checksum());
            }
            begun = Optional.of(source.begin(history.get()));
        }
        Following following = begun.get();
        if (found.replica().isEmpty() && !following.flushAbove(Txid.NONE)) {
            return new Step.More();
        }
        isGivenAway = true;
        return new Step.Attached(following);
    }

    /** Closes what is not followed. */
    @Override
    public void close() throws IOException {
        if (isGivenAway) {
            return;
        }
        try {
            building.close();
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() throws IOException {
        try {
            if (begun.isPresent()) {
                begun.get().close();
            } else {
                source.close();
            }
        } finally {
            if (history.isPresent()) {
                history.get().close();
            }
        }
    }
}
