package dev.runnel.replica;

import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.platform.DiskFile;
import java.io.IOException;
import java.io.InputStream;

/** A machine that has no change set any more. */
public record NothingLocal(TxidAges ages, Scratch scratch) implements LocalChanges {
    /** One that has not seen any TXID before, and has no room for a merge. */
    public NothingLocal() {
        this(new TxidAges(Clock.system()));
    }

    /** One that has no room for a merge. */
    public NothingLocal(TxidAges ages) {
        this(ages, () -> {
            throw new IOException("there is no room");
        });
    }

    @Override
    public boolean has(TxidRange range) {
        return false;
    }

    @Override
    public InputStream open(Txid txid) throws IOException {
        throw new IOException("no change set is here");
    }

    @Override
    public DiskFile room() throws IOException {
        return scratch.create();
    }
}
