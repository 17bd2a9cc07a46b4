package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.inventory.ContentReader;
import dev.runnel.replica.inventory.Finding;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads files at a replica to see whether they are what their names say. */
record LtxInspector(ObjectStore store) implements ContentReader {
    private static final PageSink NO_PAGES = (_, _, _) -> {};

    @Override
    public Finding readWhole(HistoryObject file) throws IOException {
        Optional<LtxHeader> header = Optional.empty();
        try (InputStream in = store.open(file.key(), ByteRange.ALL)) {
            LtxDecoder decoder = LtxDecoder.open(source(file.key()), in);
            header = Optional.of(decoder.header());
            decoder.readTo(NO_PAGES);
        } catch (StoreException.Encryption _) {
            return Finding.UNRECOGNISED;
        } catch (LtxException | StoreException.NotFound | StoreException.Damaged e) {
            return header.filter(found -> isOf(found, file)).isPresent() ? Finding.CUT_OR_CHANGED : Finding.NOTHING;
        }
        return isOf(header.get(), file) ? Finding.whole(header.get().proof()) : Finding.NOTHING;
    }

    @Override
    public Finding readEnds(HistoryObject file) throws IOException {
        Optional<LtxHeader> header = Optional.empty();
        try {
            PlanFile opened = PlanFile.open(store, file.planned());
            header = Optional.of(opened.header());
            opened.index();
        } catch (StoreException.Encryption _) {
            return Finding.UNRECOGNISED;
        } catch (LtxException
                | ReplicaException.Damaged
                | ReplicaException.Vanished
                | StoreException.NotFound
                | StoreException.Damaged e) {
            return header.isPresent() ? Finding.CUT_OR_CHANGED : Finding.NOTHING;
        }
        return Finding.ends(header.get().proof());
    }

    private static boolean isOf(LtxHeader header, HistoryObject file) {
        return header.txids().equals(file.range());
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

    /** Reads a file from end to end for somebody who wants to know what is wrong with it. */
    void read(HistoryObject file, ObjectSink sink) throws IOException {
        String key = file.key();
        try {
            LtxHeader header = read(key, NO_PAGES);
            if (isOf(header, file)) {
                sink.intact(key, file.size());
            } else {
                String what = source(key) + " holds the TXIDs " + header.txids() + ", not those of its name";
                sink.damaged(new ReplicaException.Damaged(key, what, "Find out what has renamed or copied it.", null));
            }
        } catch (LtxException | StoreException.Damaged | StoreException.Encryption e) {
            sink.damaged(new ReplicaException.Damaged(key, e.reason(), e.nextStep(), e));
        } catch (StoreException.NotFound _) {
            // Compaction or retention was faster.
        }
    }

    private String source(String key) {
        return store.location() + "/" + key;
    }
}
