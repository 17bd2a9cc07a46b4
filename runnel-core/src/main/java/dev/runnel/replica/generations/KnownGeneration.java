package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.inventory.ContentChecks;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.ObsoleteRemoval;
import dev.runnel.replica.inventory.PositionFinder;
import dev.runnel.replica.inventory.SnapshotSchedule;
import dev.runnel.store.ObjectInfo;
import java.util.Optional;

/**
 * A generation that Runnel writes, and what is known of it.
 *
 * @param name 16 hex digits
 */
record KnownGeneration(
        String name,
        long lineage,
        Inventory inventory,
        ContentChecks checks,
        PositionFinder positions,
        ObsoleteRemoval removal,
        SnapshotSchedule snapshots) {
    /** A segment with the change set of a TXID was written. */
    void appended(Txid txid, ObjectInfo stored, Proof proof) {
        inventory.written(
                new HistoryObject(
                        HistoryObject.CHANGE_SETS, TxidRange.of(txid), stored.size(), stored.time(), stored.key()),
                Optional.of(proof));
    }

    /** A snapshot of a TXID was written, or is there and was compared. */
    void snapshot(Txid txid, ObjectInfo stored, Proof proof) {
        inventory.written(
                new HistoryObject(
                        HistoryObject.SNAPSHOTS,
                        new TxidRange(new Txid(1), txid),
                        stored.size(),
                        stored.time(),
                        stored.key()),
                Optional.of(proof));
    }
}
