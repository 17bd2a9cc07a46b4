package dev.runnel.replica.ltx;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SameContent;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Writes history in the {@code ltx} layout: change sets to level 0, what spans several TXIDs to level 1, baselines to
 * level 9.
 *
 * <p>Every put creates. Where the key is taken, the object there is looked at: the same content is our own earlier
 * attempt; one that does not decode as an LTX file is damaged, and the file takes its place; any other stays, whoever
 * wrote it, and stops us. Nothing is deleted here.
 *
 * @param uploads on a machine that cannot decrypt what is there; objects are then compared with what is recorded of them
 */
record LtxHistoryWriter(
        ObjectStore store, LtxKeys keys, Inventory inventory, LtxInspector inspector, Optional<OwnUploads> uploads) {
    /** Changes as they come. */
    void append(Changes changes) throws IOException {
        append(level(changes), changes);
    }

    /** Changes that belong to a level. */
    void append(int level, Changes changes) throws IOException {
        String key = keys.key(level, changes.range());
        ShippedFile file = new ShippedFile(changes);
        ObjectInfo stored = append(key, file, changes);
        inventory.written(new HistoryObject(level, changes.range(), stored.size(), changes.time(), key), file.proof());
    }

    private ObjectInfo append(String key, ShippedFile file, Changes changes) throws IOException {
        PutOptions options = options(changes.time(), changes.proof(), PutOptions.Existing.KEEP_AND_FAIL);
        try {
            return put(key, file, options);
        } catch (StoreException.Exists e) {
            if (uploads.isPresent() ? !isRecordedAs(changes.proof(), key) : !decodes(key)) {
                return put(key, file, options(changes.time(), changes.proof(), PutOptions.Existing.REPLACE));
            }
            if (uploads.isPresent()) {
                return stat(key);
            }
            try (InputStream existing = store.open(key, ByteRange.ALL)) {
                if (!SameContent.test(existing, file::writeTo)) {
                    throw new ReplicaException.Foreign(store.location(), key);
                }
            }
            return stat(key);
        }
    }

    /**
     * Whether this machine has recorded an object that is there as one of a state; false if the object is damaged.
     *
     * @throws ReplicaException.Foreign if it is another one, or cannot be compared
     */
    private boolean isRecordedAs(Optional<Proof> state, String key) throws IOException {
        return switch (uploads.orElseThrow().taken(key, state)) {
            case SAME -> true;
            case DAMAGED -> false;
            case OTHER, WITHOUT_STATE -> {
                if (isUnreadable(key)) {
                    throw new ReplicaException.Foreign(store.location(), key);
                }
                yield false;
            }
        };
    }

    /** Whether an object may be whole for a machine that can decrypt it; one that is damaged visibly is not. */
    private boolean isUnreadable(String key) throws IOException {
        try {
            return decodes(key);
        } catch (StoreException.Encryption _) {
            return true;
        }
    }

    void baseline(DatabaseImage image, BaselineEncoding encoding) throws IOException {
        putOnce(LtxKeys.BASELINES, BaselineBody.range(image), image, new BaselineBody(image, encoding));
    }

    /** The pages that an image gives, as the changes from a TXID up to the image's. */
    void difference(Txid from, DatabaseImage image, Scratch scratch) throws IOException {
        Changes changes = Difference.of(from, image, scratch);
        putOnce(level(changes), changes.range(), image, changes.file());
    }

    private static int level(Changes changes) {
        return changes.range().isSingle() ? LtxKeys.CHANGE_SETS : LtxKeys.MERGED;
    }

    /** An image can be read once, so that what has its key already is looked at before. */
    private void putOnce(int level, TxidRange range, DatabaseImage image, Body body) throws IOException {
        String key = keys.key(level, range);
        Optional<ObjectInfo> there = store.stat(key);
        if (there.isPresent() && isThere(image, level, range)) {
            return;
        }
        try {
            PutOptions.Existing existing =
                    there.isPresent() ? PutOptions.Existing.REPLACE : PutOptions.Existing.KEEP_AND_FAIL;
            ObjectInfo stored = put(key, body, options(image.time(), Optional.of(image.proof()), existing));
            inventory.written(
                    new HistoryObject(level, range, stored.size(), image.time(), key), Optional.of(image.proof()));
        } catch (StoreException.Exists e) {
            if (!isThere(image, level, range)) {
                throw e;
            }
        }
    }

    private boolean isThere(DatabaseImage image, int level, TxidRange range) throws IOException {
        return uploads.isPresent()
                ? isRecordedAs(Optional.of(image.proof()), keys.key(level, range))
                : isOf(image, level, range);
    }

    /**
     * Whether a file that is there leads to the state of an image; false if it is damaged.
     *
     * @throws ReplicaException.Foreign if it leads to another state, or is another writer's
     */
    private boolean isOf(DatabaseImage image, int level, TxidRange range) throws IOException {
        String key = keys.key(level, range);
        DatabaseChecksum checksum = new DatabaseChecksum(image.pageSize());
        LtxHeader header;
        try {
            header = inspector.read(key, checksum);
        } catch (LtxException | StoreException.Damaged e) {
            return false;
        }
        Proof ours = image.proof();
        boolean hasSameState = level == LtxKeys.BASELINES
                ? checksum.value == ours.databaseChecksum()
                : header.proof().equals(Optional.of(ours));
        boolean isSameFile = header.txids().equals(range) && header.pageSize().bytes() == image.pageSize();
        boolean sameWriter = header.proof().stream().allMatch(proof -> proof.lineage() == ours.lineage());
        if (!hasSameState || !isSameFile || !sameWriter) {
            throw new ReplicaException.Foreign(store.location(), key);
        }
        return true;
    }

    private boolean decodes(String key) throws IOException {
        try {
            inspector.read(key, (_, _, _) -> {});
            return true;
        } catch (LtxException | StoreException.Damaged e) {
            return false;
        }
    }

    /** Files carry milliseconds, and the object's time is to be the file's. */
    private static PutOptions options(Instant time, Optional<Proof> proof, PutOptions.Existing existing) {
        return new PutOptions(Optional.of(time.truncatedTo(ChronoUnit.MILLIS)), existing, OwnUploads.label(proof));
    }

    private ObjectInfo put(String key, Body body, PutOptions options) throws IOException {
        try {
            return store.put(key, body, options);
        } catch (StoreException.BodyFailed e) {
            throw e.fault();
        }
    }

    private ObjectInfo stat(String key) throws IOException {
        return store.stat(key).orElseThrow(() -> new StoreException.NotFound(store.location(), key));
    }

    /** Folds pages into the checksum of the database. */
    private static final class DatabaseChecksum implements PageSink {
        private final int pageSize;
        private long value = Checksums.EMPTY;

        DatabaseChecksum(int pageSize) {
            this.pageSize = pageSize;
        }

        @Override
        public void page(int number, byte[] data, int offset) {
            value = Checksums.with(value, number, Checksums.page(number, data, offset, pageSize));
        }
    }
}
