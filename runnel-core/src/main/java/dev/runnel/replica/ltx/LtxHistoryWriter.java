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
 */
record LtxHistoryWriter(ObjectStore store, LtxKeys keys, Inventory inventory, LtxInspector inspector) {
    /** Changes as they come. */
    void append(Changes changes) throws IOException {
        append(level(changes), changes);
    }

    /** Changes that belong to a level. */
    void append(int level, Changes changes) throws IOException {
        String key = keys.key(level, changes.range());
        ShippedFile file = new ShippedFile(changes);
        ObjectInfo stored = append(key, file, changes.time());
        inventory.written(new HistoryObject(level, changes.range(), stored.size(), changes.time(), key), file.proof());
    }

    private ObjectInfo append(String key, ShippedFile file, Instant time) throws IOException {
        try {
            return put(key, file, time, PutOptions.Existing.KEEP_AND_FAIL);
        } catch (StoreException.Exists e) {
            if (!decodes(key)) {
                return put(key, file, time, PutOptions.Existing.REPLACE);
            }
            try (InputStream existing = store.open(key, ByteRange.ALL)) {
                if (!SameContent.test(existing, file::writeTo)) {
                    throw new ReplicaException.Foreign(store.location(), key);
                }
            }
            return store.stat(key).orElseThrow(() -> new StoreException.NotFound(store.location(), key));
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
        if (there.isPresent() && isOf(image, level, range)) {
            return;
        }
        try {
            ObjectInfo stored = put(
                    key,
                    body,
                    image.time(),
                    there.isPresent() ? PutOptions.Existing.REPLACE : PutOptions.Existing.KEEP_AND_FAIL);
            inventory.written(
                    new HistoryObject(level, range, stored.size(), image.time(), key), Optional.of(image.proof()));
        } catch (StoreException.Exists e) {
            if (!isOf(image, level, range)) {
                throw e;
            }
        }
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
    private ObjectInfo put(String key, Body body, Instant time, PutOptions.Existing existing) throws IOException {
        try {
            return store.put(key, body, new PutOptions(Optional.of(time.truncatedTo(ChronoUnit.MILLIS)), existing));
        } catch (StoreException.BodyFailed e) {
            throw e.fault();
        }
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
