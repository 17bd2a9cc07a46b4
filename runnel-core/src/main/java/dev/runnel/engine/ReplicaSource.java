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

    /**
     * The database as of its newest TXID; only the pages changed after a TXID, if it is not NONE.
     *
     * @param place where it is to be put; too many images for one place wait for each other
     */
    SelectedImage image(String place, Txid after) throws IOException, InterruptedException;

    /** A replica has turned out to have history that is not known here: history goes on above all there is. */
    void reopen();
}
