package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import java.io.IOException;

/** Gives images of the live database. */
@FunctionalInterface
public interface LocalImages {
    /** The database as of its newest TXID: the pages changed after a TXID, all if that is NONE. The caller closes it. */
    SelectedImage since(Txid after) throws IOException, InterruptedException;
}
