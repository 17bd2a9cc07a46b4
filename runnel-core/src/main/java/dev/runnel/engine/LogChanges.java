package dev.runnel.engine;

import dev.runnel.log.LogFile;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.TxidAges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The change log, as maintenance of a history sees it. */
record LogChanges(ReplicaSource source, WorkRoom work) implements LocalChanges {
    /** The log is an unbroken run, so its ends say it all. */
    @Override
    public boolean has(TxidRange range) {
        return source.log().has(range.min()) && source.log().has(range.max());
    }

    @Override
    public InputStream open(Txid txid) throws IOException {
        Optional<LogFile> file = source.log().find(txid);
        if (file.isEmpty()) {
            throw new NoSuchFileException("change set " + txid);
        }
        return file.get().stream();
    }

    @Override
    public TxidAges ages() {
        return source.ages().ages();
    }

    @Override
    public DiskFile room() throws IOException {
        return work.create();
    }
}
