package dev.runnel.replica.ltx;

import dev.runnel.ltx.Proof;
import dev.runnel.ltx.Scratch;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.Changes;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.replica.inventory.Inventory;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.Body;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Writes history in the {@code ltx} layout: change sets to level 0, what spans several TXIDs to level 1, baselines to
 * level 9.
 *
 * <p>Every put is create-only. If the key is taken, the object under it is read: the same content is our own earlier
 * attempt; one that does not decode as an LTX file is damaged and is replaced; any other stays, whoever wrote it, and
 * stops the replica. Nothing is deleted here.
 */
record LtxHistoryWriter(ObjectStore store, LtxKeys keys, Inventory inventory, TakenFiles taken) {
    /** Changes as they come. */
    void append(Changes changes) throws IOException {
        append(level(changes), changes);
    }

    /** Changes that belong to a level. */
    void append(int level, Changes changes) throws IOException {
        String key = keys.key(level, changes.range());
        ShippedFile file = new ShippedFile(changes);
        ObjectInfo stored = append(key, file, changes);
        HistoryObject object = new HistoryObject(level, changes.range(), stored.size(), changes.time(), key);
        inventory.written(object, file.proof().or(changes::proof));
    }

    private ObjectInfo append(String key, ShippedFile file, Changes changes) throws IOException {
        try {
            return put(key, file, options(changes.time(), changes.proof(), PutOptions.Existing.KEEP_AND_FAIL));
        } catch (StoreException.Exists e) {
            return taken.isSame(key, file, changes.proof())
                    ? stat(key)
                    : put(key, file, options(changes.time(), changes.proof(), PutOptions.Existing.REPLACE));
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

    /** An image can be read only once, so an object that has its key already is checked first. */
    private void putOnce(int level, TxidRange range, DatabaseImage image, Body body) throws IOException {
        String key = keys.key(level, range);
        Optional<ObjectInfo> there = store.stat(key);
        if (there.isPresent() && taken.isOf(image, level, range, key)) {
            return;
        }
        try {
            PutOptions.Existing existing =
                    there.isPresent() ? PutOptions.Existing.REPLACE : PutOptions.Existing.KEEP_AND_FAIL;
            ObjectInfo stored = put(key, body, options(image.time(), Optional.of(image.proof()), existing));
            inventory.written(
                    new HistoryObject(level, range, stored.size(), image.time(), key), Optional.of(image.proof()));
        } catch (StoreException.Exists e) {
            if (!taken.isOf(image, level, range, key)) {
                throw e;
            }
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
}
