package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Changes;
import dev.runnel.replica.Content;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SelectedImage;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.Body;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes history in the {@code generations} layout: each change set as a WAL of its own, whose index is the TXID before
 * it, and each baseline as the snapshot of its TXID. A generation is named by its lineage, so that another lineage writes
 * another one.
 *
 * <p>Every put is create-only. If the key is taken, the object under it is read: the same content is our own earlier
 * attempt; an incomplete object is damaged, and is replaced; any other stays, whoever wrote it, and stops the replica.
 */
record GenerationsWriter(
        GenerationFiles files, GenerationKeys keys, KnownGenerations known, TakenKeys taken, Scratch scratch) {
    /** Ships one change set, which continues what was found there. */
    void append(Changes changes) throws IOException {
        KnownGeneration current =
                known.current().orElseThrow(() -> new IllegalStateException("there is no generation to continue"));
        try (LocalCopy file = LocalCopy.of(changes.file(), scratch)) {
            ChangesWal wal = new ChangesWal(changes, file);
            Proof proof = wal.header().proof().orElseThrow();
            if (proof.lineage() != current.lineage()) {
                throw foreign(keys.lineage(current.name(), current.lineage()));
            }
            Txid txid = changes.range().max();
            String key = keys.segment(current.name(), index(txid.previous()));
            ObjectInfo stored = putWal(key, StateWal.changeSet(wal, proof), changes.time());
            current.appended(txid, stored, proof);
            known.reaches(txid);
        }
    }

    private ObjectInfo putWal(String key, StateWal wal, Instant time) throws IOException {
        Lz4Body body = new Lz4Body(wal.content());
        try {
            return put(key, body, wal.state(), time, PutOptions.Existing.KEEP_AND_FAIL);
        } catch (StoreException.Exists e) {
            return switch (taken.byWal(key, wal)) {
                case SAME -> stat(key);
                case REPLACEABLE -> put(key, body, wal.state(), time, PutOptions.Existing.REPLACE);
                case OTHER -> throw foreign(key);
            };
        }
    }

    /**
     * Ships the pages that changed from a TXID on. The TXIDs between get WALs of only a header, because no index may be
     * missing; the last of them comes first, so that there is a hole until all is there.
     *
     * @param room for the WAL, which can be made once only
     */
    void difference(Txid from, SelectedImage image, Scratch room) throws IOException {
        Txid last = image.txid();
        KnownGeneration current = known.current().orElseThrow();
        String generation = current.name();
        WalSalts salts = WalSalts.of(image.proof().databaseChecksum());
        try (LocalCopy wal = LocalCopy.of(new PagesWal(image, salts), room)) {
            String key = keys.segment(generation, index(last.previous()));
            ObjectInfo stored = putInPlaceOfLost(key, StateWal.difference(wal::writeTo, image.proof()), image.time());
            for (Txid txid = last.previous(); !from.isAfter(txid); txid = txid.previous()) {
                putFiller(generation, txid, from, image);
            }
            current.appended(last, stored, image.proof());
            known.reaches(last);
        }
    }

    private void putFiller(String generation, Txid txid, Txid from, SelectedImage image) throws IOException {
        int before = (int) (txid.value() - from.value() + 1);
        int after = (int) (image.txid().value() - txid.value());
        WalSalts salts = WalSalts.filler(before, after);
        Content header = out -> new WalOutput(out, image.pageSize(), salts).finish(image.pageCount());
        putInPlaceOfLost(
                keys.segment(generation, index(txid.previous())), StateWal.filler(header, salts), image.time());
    }

    /**
     * Our change sets that turn out to exist were only missing from the listing. The next listing decides what to do.
     */
    private ObjectInfo putInPlaceOfLost(String key, StateWal wal, Instant time) throws IOException {
        try {
            return putWal(key, wal, time);
        } catch (ReplicaException.Foreign e) {
            if (wal.salts().isFiller() || taken.isOfState(key, wal)) {
                throw new IOException(store().location() + " does not list " + key + ", which is there", e);
            }
            throw e;
        }
    }

    /**
     * Ships an image. The mark of a new generation comes first: a generation without objects is nothing yet, and one without
     * the mark would be taken for Litestream's.
     */
    void baseline(DatabaseImage image) throws IOException {
        long lineage = image.proof().lineage();
        String generation = GenerationKeys.generation(lineage);
        boolean isNew =
                known.current().filter(current -> current.lineage() == lineage).isEmpty();
        if (isNew) {
            mark(lineage, image.time());
        }
        int index = index(image.txid());
        String key = keys.snapshot(generation, index);
        ObjectInfo stored = putSnapshot(key, image);
        KnownGeneration continued = known.of(generation, lineage);
        continued.snapshot(image.txid(), stored, image.proof());
        if (isNew) {
            known.continued(continued, Txid.NONE);
        }
        if (isNew || image.txid().isAfter(known.reached().next())) {
            seal(continued, image);
        }
    }

    /** Marks the generation of a lineage as Runnel's. */
    void mark(long lineage, Instant time) throws IOException {
        String key = keys.lineage(GenerationKeys.generation(lineage), lineage);
        try {
            put(key, new Mark(), Optional.empty(), time, PutOptions.Existing.KEEP_AND_FAIL);
        } catch (StoreException.Exists _) {
            // It says all it has to say by its name.
        }
    }

    private ObjectInfo putSnapshot(String key, DatabaseImage image) throws IOException {
        Optional<ObjectInfo> there = store().stat(key);
        if (there.isPresent() && taken.bySnapshotOf(image, key)) {
            return there.get();
        }
        PutOptions.Existing existing =
                there.isPresent() ? PutOptions.Existing.REPLACE : PutOptions.Existing.KEEP_AND_FAIL;
        try {
            return put(key, new Lz4Body(new ImageFile(image)), Optional.of(image.proof()), image.time(), existing);
        } catch (StoreException.Exists e) {
            if (!taken.bySnapshotOf(image, key)) {
                throw e;
            }
            return stat(key);
        }
    }

    /**
     * Puts a WAL without a page under the TXID of a snapshot that nothing leads up to. It names the state that the database
     * is in, and Litestream 0.3 does not accept a snapshot whose index is further ahead.
     */
    private void seal(KnownGeneration generation, DatabaseImage image) throws IOException {
        Txid txid = image.txid();
        String key = keys.segment(generation.name(), index(txid.previous()));
        WalSalts salts = WalSalts.of(image.proof().databaseChecksum());
        Lz4Body body = new Lz4Body(out -> new WalOutput(out, image.pageSize(), salts).finish(image.pageCount()));
        try {
            sealed(
                    generation,
                    image,
                    put(key, body, Optional.empty(), image.time(), PutOptions.Existing.KEEP_AND_FAIL));
        } catch (StoreException.Exists e) {
            if (taken.isDamagedWal(key)) {
                sealed(generation, image, put(key, body, Optional.empty(), image.time(), PutOptions.Existing.REPLACE));
            }
        }
    }

    private void sealed(KnownGeneration generation, DatabaseImage image, ObjectInfo stored) {
        generation.appended(image.txid(), stored, image.proof());
        known.reaches(image.txid());
    }

    /** @param state what the object stands for on its own, if it does */
    private ObjectInfo put(String key, Body body, Optional<Proof> state, Instant time, PutOptions.Existing existing)
            throws IOException {
        try {
            return store().put(
                            key,
                            body,
                            new PutOptions(
                                    Optional.of(time.truncatedTo(ChronoUnit.MILLIS)),
                                    existing,
                                    OwnUploads.label(state)));
        } catch (StoreException.BodyFailed e) {
            throw e.fault();
        }
    }

    private ObjectInfo stat(String key) throws IOException {
        return store().stat(key).orElseThrow(() -> new StoreException.NotFound(store().location(), key));
    }

    private int index(Txid txid) throws ReplicaException.Full {
        if (txid.value() >= Integer.MAX_VALUE) {
            throw new ReplicaException.Full(store().location(), txid);
        }
        return (int) txid.value();
    }

    private ReplicaException.Foreign foreign(String key) {
        return new ReplicaException.Foreign(store().location(), key);
    }

    private ObjectStore store() {
        return files.store();
    }

    /** What is in the mark of a generation, for people. */
    private record Mark() implements Body {
        private static final byte[] TEXT =
                "This generation was written by Runnel.\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public OptionalLong length() {
            return OptionalLong.of(TEXT.length);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(TEXT);
        }
    }
}
