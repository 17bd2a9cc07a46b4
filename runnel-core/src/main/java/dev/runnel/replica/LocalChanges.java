package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.io.InputStream;

/** The change sets that this machine still has, so that they need not be fetched, and scratch space. */
public interface LocalChanges {
    /** Whether all change sets of a range are here now. They may go at any time. */
    boolean has(TxidRange range);

    /**
     * The LTX file of one change set, from its start.
     *
     * @throws IOException if it is not here any more, too
     */
    InputStream open(Txid txid) throws IOException;

    /** For how long the TXIDs of this database have existed. */
    TxidAges ages();

    /** An empty file of its own, which is gone once it is closed. */
    DiskFile room() throws IOException;
}
