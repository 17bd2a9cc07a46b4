package dev.runnel.engine;

import dev.runnel.log.ChangeLog;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;

/** What a replica is fed from: the local history of a database, seen from another thread than its actor's. */
interface ReplicaSource {
    ChangeLog log();

    /** The newest TXID. */
    Txid newest();

    /** For how long TXIDs have existed. */
    AgeRecord ages();

    /**
     * The database as of its newest TXID; only the pages changed after a TXID, if it is not NONE.
     *
     * @param failureDomain where it is to be put; too many images for one place wait for each other
     */
    SelectedImage image(String failureDomain, Txid after) throws IOException, InterruptedException;

    /** Which replicas were not reconciled with the local history since it began. */
    PendingReplicas pending();

    /**
     * Makes sure that nothing of this history is taken for what continues another one: there is a TXID above all of the
     * other, all pages count as changed by it, and the log knows none below.
     */
    void rise(Txid above) throws IOException, InterruptedException;

    /** Has the local history opened again, because a replica has TXIDs above it that were not known when it was opened. */
    void reopen();
}
