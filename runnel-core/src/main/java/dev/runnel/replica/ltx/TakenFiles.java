package dev.runnel.replica.ltx;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.LtxException;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSink;
import dev.runnel.ltx.Proof;
import dev.runnel.ltx.TxidRange;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SameContent;
import dev.runnel.replica.inventory.OwnUploads;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Looks at a file whose key was to be created.
 *
 * @param uploads on a machine that cannot decrypt what is there; files are then compared with what is recorded of them
 */
record TakenFiles(ObjectStore store, LtxInspector inspector, Optional<OwnUploads> uploads) {
    /**
     * Whether a file holds what was to be put; false if it is damaged.
     *
     * @param state where what was to be put leads to
     * @throws ReplicaException.Foreign if it holds something else, or cannot be compared
     */
    boolean isSame(String key, ShippedFile file, Optional<Proof> state) throws IOException {
        if (uploads.isPresent()) {
            return isRecordedAs(state, key, uploads.get());
        }
        if (!decodes(key)) {
            return false;
        }
        try (InputStream existing = store.open(key, ByteRange.ALL)) {
            if (!SameContent.test(existing, file::writeTo)) {
                throw foreign(key);
            }
        }
        return true;
    }

    /**
     * Whether a file leads to the state of an image; false if it is damaged.
     *
     * @throws ReplicaException.Foreign if it leads to another state, is another writer's, or cannot be compared
     */
    boolean isOf(DatabaseImage image, int level, TxidRange range, String key) throws IOException {
        Proof ours = image.proof();
        if (uploads.isPresent()) {
            return isRecordedAs(Optional.of(ours), key, uploads.get());
        }
        DatabaseChecksum checksum = new DatabaseChecksum(image.pageSize());
        LtxHeader header;
        try {
            header = inspector.read(key, checksum);
        } catch (LtxException | StoreException.Damaged e) {
            return false;
        }
        boolean hasSameState = level == LtxKeys.BASELINES
                ? checksum.value == ours.databaseChecksum()
                : header.proof().equals(Optional.of(ours));
        boolean isSameFile = header.txids().equals(range) && header.pageSize().bytes() == image.pageSize();
        boolean sameWriter = header.proof().stream().allMatch(proof -> proof.lineage() == ours.lineage());
        if (!hasSameState || !isSameFile || !sameWriter) {
            throw foreign(key);
        }
        return true;
    }

    /** Files of one range that lead to one state are interchangeable: they start from one state, too. */
    private boolean isRecordedAs(Optional<Proof> state, String key, OwnUploads recorded) throws IOException {
        return switch (recorded.taken(key, state, there -> !decodes(there))) {
            case SAME -> true;
            case DAMAGED -> false;
            case OTHER, WITHOUT_STATE -> throw foreign(key);
        };
    }

    private boolean decodes(String key) throws IOException {
        try {
            inspector.read(key, (_, _, _) -> {});
            return true;
        } catch (LtxException | StoreException.Damaged e) {
            return false;
        }
    }

    private ReplicaException.Foreign foreign(String key) {
        return new ReplicaException.Foreign(store.location(), key);
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
