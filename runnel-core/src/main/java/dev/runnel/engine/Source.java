package dev.runnel.engine;

import dev.runnel.capture.LocalHistory;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Txid;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A database that was opened to be followed, in the way that its journal demands. For the disk lane. */
sealed interface Source extends Closeable permits WalSource, RollbackSource {
    /** In bytes. */
    int pageSize();

    /**
     * Begins to make a ledger of it as it is now.
     *
     * @param txid the TXID that this state is to have
     */
    LedgerBuilding buildLedger(Txid txid, Path ledger) throws IOException;

    /** Follows it with the history whose ledger was made here. */
    Following begin(LocalHistory history) throws IOException;

    /**
     * Follows it with a history that is known from before.
     *
     * @param position where the newest TXID ended; empty if only a comparison of all pages tells what happened since
     */
    Following resume(LocalHistory history, Optional<SourcePosition> position) throws IOException;

    /** Closes what is not followed. */
    @Override
    void close() throws IOException;
}
