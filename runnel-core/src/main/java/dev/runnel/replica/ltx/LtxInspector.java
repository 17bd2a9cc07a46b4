package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.replica.ReplicaException;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads files at a replica to see whether they are what their names say. */
record LtxInspector(ObjectStore store) {
    private static final PageSink NO_PAGES = (_, _, _) -> {};

    /** What a look at a file can find. */
    sealed interface Finding {
        /** A whole LTX file of the TXIDs in its name. */
        record Sound(Optional<Proof> proof) implements Finding {}

        /** Something else, or no file any more. */
        record Unsound() implements Finding {}
    }

    /**
     * Looks at a file: at all of it if it has at most so many bytes, else at its header and its end, which a file that was
     * cut short lacks.
     */
    Finding inspect(LtxObject file, long wholeUpTo) throws IOException {
        try {
            LtxHeader header = file.size() <= wholeUpTo ? read(file.key(), NO_PAGES) : readEnds(file);
            return header.txids().equals(file.range()) ? new Finding.Sound(header.proof()) : new Finding.Unsound();
        } catch (LtxException
                | ReplicaException.Damaged
                | ReplicaException.Vanished
                | StoreException.NotFound
                | StoreException.Damaged e) {
            return new Finding.Unsound();
        }
    }

    /**
     * Reads a file from end to end.
     *
     * @throws LtxException if it is not a whole LTX file; the pages given out are then not to be trusted
     * @throws StoreException.Damaged likewise, where the store notices it
     */
    LtxHeader read(String key, PageSink pages) throws IOException {
        try (InputStream in = store.open(key, ByteRange.ALL)) {
            LtxDecoder decoder = LtxDecoder.open(source(key), in);
            decoder.readTo(pages);
            return decoder.header();
        }
    }

    private LtxHeader readEnds(LtxObject file) throws IOException {
        PlanFile opened = PlanFile.open(store, file.planned());
        opened.index();
        return opened.header();
    }

    private String source(String key) {
        return store.location() + "/" + key;
    }
}
