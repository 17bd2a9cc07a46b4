package dev.runnel.engine;

import dev.runnel.ledger.Ledger;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A ledger that is being built in bounded steps on the disk lane. If it is closed before its end, it leaves nothing
 * behind.
 */
interface LedgerBuilding extends Closeable {
    /** What is being done, as a sentence without its period. */
    String doing();

    /** One bounded step; the ledger, if that was the last. */
    Optional<Ledger> step() throws IOException;

    @Override
    void close() throws IOException;
}
