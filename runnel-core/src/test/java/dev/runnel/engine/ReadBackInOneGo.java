package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.PageChecksumTable;
import dev.runnel.platform.Threads;
import java.io.IOException;
import java.util.Optional;

/** Reads a replica back as the engine does, but without the pauses in which it does something else. */
final class ReadBackInOneGo {
    private ReadBackInOneGo() {}

    /** The history that comes of it; empty if there is no replica that can be read back. */
    static Optional<LocalHistory> of(
            HistoryOpening opening, HistoryOpening.Found.Ledgerless found, Threads threads, long databaseChecksum)
            throws IOException, InterruptedException {
        if (found.replica().isEmpty()) {
            return Optional.empty();
        }
        ReplicaReadBack reading =
                new ReplicaReadBack(found.replica().get().replica(), found.newest(), "the simulated database");
        var _ = reading.start(threads.network());
        Optional<ReplicaReadBack.Result> read = Futures.result(reading.result());
        if (read.isEmpty()) {
            return Optional.empty();
        }
        try (ReplicaReadBack.Result result = read.get();
                PageChecksumTable.Copy copy = opening.copyToLedger(result)) {
            Optional<Ledger> ledger = copy.step();
            while (ledger.isEmpty()) {
                ledger = copy.step();
            }
            return Optional.of(opening.readBack(found, result.plan(), ledger.get(), databaseChecksum));
        }
    }
}
