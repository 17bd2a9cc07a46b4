package dev.runnel.replica;

import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.time.Instant;

/** A database as of one TXID. It can be read once, from front to back. */
public interface DatabaseImage {
    Txid txid();

    /** The time of that TXID. */
    Instant time();

    /** In bytes. */
    int pageSize();

    /** The database's size in pages. */
    int pageCount();

    Proof proof();

    /** Gives every page in order, the lock page left out. */
    void readTo(PageSink sink) throws IOException;
}
