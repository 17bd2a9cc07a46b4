package dev.runnel.replica.ltx;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.LtxMerge;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.LocalChanges;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.TempFile;
import dev.runnel.replica.inventory.Finding;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Merges files of one level into one of the next. The result is made on this machine, from the change log where this
 * process wrote what the log still has, or where it is recorded that this machine did, otherwise from files that are
 * fetched one after the other. It is uploaded when it is complete: no connection waits while others are read, and an
 * interrupted merge leaves nothing behind. Neither memory nor descriptors depend on how many files there are, or how
 * large.
 *
 * <p>TXIDs alone do not say that a change set of the log is the one at the replica: where two histories have met, files of
 * the other one have the same TXIDs.
 *
 * @param isReadable whether files can be fetched; false where they are encrypted for other machines only
 */
record LtxMerger(ObjectStore store, LtxHistoryWriter writer, Inventory inventory, boolean isReadable) {
    /**
     * Files that are merged at a time. More are first merged in groups, and those in groups of groups: a million files need
     * five steps, in each of which so many files are open.
     */
    private static final int FAN_IN = 16;

    /** With more change sets than this, merged files are cheaper to fetch than change sets are to open. */
    private static final int MOST_LOCAL = 8192;

    /** One file to be merged; it is opened, and fetched if necessary, when its turn comes. */
    private interface Source {
        LtxDecoder open(Opened inputs) throws IOException;
    }

    /** A merged file that is still here. */
    private record Merged(LtxHeader header, TempFile file) implements Source {
        @Override
        public LtxDecoder open(Opened inputs) throws IOException {
            return LtxDecoder.open("compacted " + header.txids(), file.input());
        }
    }

    private record LocalSource(Txid txid, LocalChanges local) implements Source {
        @Override
        public LtxDecoder open(Opened inputs) throws IOException {
            return LtxDecoder.open("change set " + txid, inputs.add(local.open(txid)));
        }
    }

    /** Whether the change log has what is in a file. */
    boolean isHere(HistoryObject file, LocalChanges local) {
        return inventory.content(file).isOurs() && local.has(file.range());
    }

    /** What is open while a merge is made. */
    private static final class Opened implements Closeable {
        private final List<Closeable> all = new ArrayList<>();

        <C extends Closeable> C add(C one) {
            all.add(one);
            return one;
        }

        @Override
        public void close() throws IOException {
            for (Closeable one : all) {
                one.close();
            }
        }
    }

    /** Merges, and puts what comes out. */
    void merge(MergePlan plan, LocalChanges local) throws IOException {
        try (Opened opened = new Opened()) {
            Merged merged = make(plan, local, opened);
            LtxHeader header = merged.header;
            writer.append(plan.level(), new Changes(plan.range(), header.time(), header.proof(), merged.file));
        }
    }

    private Merged make(MergePlan plan, LocalChanges local, Opened opened) throws IOException {
        if (plan.sources().stream().noneMatch(file -> isHere(file, local))) {
            return mergeFetched(plan, local, opened);
        }
        try {
            Merged merged = merge(sources(plan, local), local, opened);
            if (isAsStored(merged, plan)) {
                return merged;
            }
        } catch (StoreException | ReplicaException e) {
            throw e;
        } catch (IOException e) {
            // The log was trimmed meanwhile, or is damaged. The replica has it all.
            if (!isReadable) {
                throw e;
            }
        }
        if (!isReadable) {
            throw new ReplicaException.Damaged(
                    "the change log has another state at TXID " + plan.range().max() + " than " + store.location(),
                    "Compaction continues above the next snapshot. No action needed.");
        }
        return mergeFetched(plan, local, opened);
    }

    /** Whether what was merged ends in the state that was stored; the log may be of another history. */
    private boolean isAsStored(Merged merged, MergePlan plan) {
        Optional<Proof> stored = inventory.proof(plan.sources().getLast());
        return stored.isEmpty() || stored.equals(merged.header.proof());
    }

    private Merged mergeFetched(MergePlan plan, LocalChanges local, Opened opened) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (HistoryObject file : plan.sources()) {
            sources.add(inputs -> fetch(file, local, inputs));
        }
        return merge(sources, local, opened);
    }

    private List<Source> sources(MergePlan plan, LocalChanges local) {
        List<Source> sources = new ArrayList<>();
        for (HistoryObject file : plan.sources()) {
            boolean isCheap = !isReadable || sources.size() + file.range().count() <= MOST_LOCAL;
            if (isCheap && isHere(file, local)) {
                addLocal(file.range(), local, sources);
            } else {
                sources.add(inputs -> fetch(file, local, inputs));
            }
        }
        return sources;
    }

    private static void addLocal(TxidRange range, LocalChanges local, List<Source> sources) {
        for (Txid txid = range.min(); !txid.isAfter(range.max()); txid = txid.next()) {
            sources.add(new LocalSource(txid, local));
        }
    }

    /** Fetches a file and reads it to its end; one that is damaged does not count from now on. */
    private LtxDecoder fetch(HistoryObject file, LocalChanges local, Opened inputs) throws IOException {
        String name = store.location() + "/" + file.key();
        TempFile temp = inputs.add(new TempFile(local.room()));
        try (InputStream in = store.open(file.key(), ByteRange.ALL);
                OutputStream out = temp.output()) {
            in.transferTo(out);
        } catch (StoreException.NotFound e) {
            inventory.read(file, Finding.NOTHING);
            throw new ReplicaException.Vanished(name, e);
        }
        try {
            LtxDecoder decoder = LtxDecoder.open(name, temp.input());
            decoder.readTo((_, _, _) -> {});
            if (!decoder.header().txids().equals(file.range())) {
                throw damaged(
                        file, name + ": it holds the TXIDs " + decoder.header().txids(), null);
            }
            return LtxDecoder.open(name, temp.input());
        } catch (LtxException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e);
        }
    }

    private ReplicaException damaged(HistoryObject file, String what, @Nullable LtxException cause) {
        inventory.read(file, Finding.CUT_OR_CHANGED);
        return new ReplicaException.Damaged(file.key(), what, "Runnel uploads these changes again.", cause);
    }

    /** What is merged of groups is closed as soon as it is merged further. */
    private static Merged merge(List<Source> sources, LocalChanges local, Opened opened) throws IOException {
        if (sources.size() <= FAN_IN) {
            return mergeOnce(sources, local, opened);
        }
        int groupSize = Math.ceilDiv(sources.size(), FAN_IN);
        try (Opened groups = new Opened()) {
            List<Source> merged = new ArrayList<>();
            for (int i = 0; i < sources.size(); i += groupSize) {
                merged.add(merge(sources.subList(i, Math.min(i + groupSize, sources.size())), local, groups));
            }
            return mergeOnce(merged, local, opened);
        }
    }

    private static Merged mergeOnce(List<Source> sources, LocalChanges local, Opened opened) throws IOException {
        TempFile temp = opened.add(new TempFile(local.room()));
        try (Opened inputs = new Opened()) {
            List<LtxDecoder> decoders = new ArrayList<>();
            for (Source source : sources) {
                decoders.add(source.open(inputs));
            }
            LtxMerge merge = LtxMerge.of(decoders);
            try (OutputStream out = temp.output();
                    LtxEncoder encoder = new LtxEncoder(out, merge.header(), local::room)) {
                merge.readTo(encoder);
                encoder.finish();
            }
            return new Merged(merge.header(), temp);
        }
    }
}
