package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import java.time.Instant;

/** What to restore. */
public sealed interface RestoreTarget {
    /** The newest state there is. */
    record Latest() implements RestoreTarget {}

    /** Exactly one TXID. */
    record AtTxid(Txid txid) implements RestoreTarget {}

    /** The newest state at or before a time. */
    record AtTime(Instant time) implements RestoreTarget {}
}
