package dev.runnel.replica;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.time.Duration;

/**
 * A database's history at one destination, in TXIDs and times. Used by one actor at a time, except that a baseline may
 * stream, and {@link #maintain} may run, while single change sets are appended and the position is asked for. Blocking. Errors are {@link ReplicaException}s or those of the store below.
 */
public interface Replica extends Restorable {
    /** Looks at what is there now and says how far history is whole. */
    Position position() throws IOException;

    /**
     * Ships changes that continue the history: they start right after {@link Position#whole}, or, spanning several
     * TXIDs, at {@link Position#differenceFrom}. Again with the same changes is safe.
     *
     * @throws ReplicaException.Foreign if an object that is not ours is in the way; it is left as it is
     */
    void append(Changes changes) throws IOException;

    /**
     * Brings history up to the newest TXID where the change sets between are no longer available: by the pages that
     * differ, if they can extend a chain, else by a complete image. Nothing is written if a new listing shows that
     * history is complete.
     *
     * @param room for what has to be read more than once
     */
    GapFill fillGap(LocalImages images, Scratch room) throws IOException, InterruptedException;

    /**
     * Records that what follows a TXID does not continue the same history, durably. Retention respects it, whoever runs
     * it. Recording the same again is safe.
     *
     * @param text for people who find the record
     */
    void record(Txid last, Takeover.Kind kind, String text) throws IOException;

    /**
     * Recognises what a lineage wrote here as its history again, if the last listing found it without a mark.
     *
     * @return whether there is such history, so that the replica has to be listed again
     */
    default boolean reclaim(long lineage) throws IOException {
        return false;
    }

    /** How long retention keeps a new object at least, whoever runs it with the same settings. */
    Duration keepsNewObjects();

    /** Ships a complete image. Its TXID is above all that history has, or is the one of {@link Position#whole}. */
    void baseline(DatabaseImage image) throws IOException;

    /**
     * Does what is due to keep the history small and its promises kept: merges what was shipped, and removes what no
     * promised point needs. Nothing is removed but right after {@link #position} has seen all there is, so that it costs
     * no look of its own; nothing is fetched that this process has written and this machine still has. What it promises, and what is merged when, is the
     * replica's own policy. To be called after each look, after changes were shipped, and when the answer said.
     */
    Upkeep maintain(LocalChanges local) throws IOException;
}
