package dev.runnel.engine;

import dev.runnel.log.ChangeLog;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.SelectedImage;
import java.io.IOException;
import java.util.Optional;

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

    /** Where this history began, if a replica has not been met since; what it holds above that is not of this history. */
    Optional<UnmetReplicas.Beginning> beginning(String replica) throws IOException;

    /** A replica holds nothing but this history, or this history goes on above what it holds. */
    void met(String replica) throws IOException;

    /**
     * Makes sure that nothing of this history is taken for what continues another one: there is a TXID above all of the
     * other, all pages count as changed by it, and the log knows none below.
     */
    void rise(Txid above) throws IOException, InterruptedException;

    /** A replica has turned out to have history that is not known here: history goes on above all there is. */
    void reopen();
}
