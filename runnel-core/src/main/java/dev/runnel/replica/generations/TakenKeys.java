package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.replica.DatabaseImage;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.SameContent;
import dev.runnel.replica.inventory.OwnUploads;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks at an object whose key was to be created.
 *
 * @param uploads on a machine that cannot decrypt what is there; objects are then compared with what is recorded of them
 */
record TakenKeys(GenerationsInspector inspector, Optional<OwnUploads> uploads) {
    /** What an object is, beside a WAL that was to be created. */
    enum Found {
        /** It says the same. */
        SAME,
        /** Nothing is lost with it: it is damaged, or has no page and stands for the same state or for none. */
        REPLACEABLE,
        /** Whoever wrote it, it stays. */
        OTHER
    }

    /** What has the key of a WAL. */
    Found byWal(String key, StateWal wal) throws IOException {
        if (uploads.isPresent()) {
            return switch (uploads.get().taken(key, wal.state(), this::isDamaged)) {
                // What leads to the same state from another one does not say the same as a difference.
                case SAME -> wal.isChangeSet() ? Found.SAME : Found.OTHER;
                case DAMAGED, WITHOUT_STATE -> Found.REPLACEABLE;
                case OTHER -> Found.OTHER;
            };
        }
        if (mayReplace(key, wal.salts())) {
            return Found.REPLACEABLE;
        }
        boolean isSame = inspector.files().read(key, existing -> SameContent.test(existing, wal.content()));
        return isSame ? Found.SAME : Found.OTHER;
    }

    private boolean mayReplace(String key, WalSalts salts) throws IOException {
        return inspector
                .wal(key)
                .map(wal -> wal.frames() == 0
                        && (wal.salts().equals(salts) || wal.salts().isFiller()))
                .orElse(true);
    }

    /** Whether what has the key of a WAL leads to the same state. */
    boolean isOfState(String key, StateWal wal) throws IOException {
        return uploads.isPresent()
                ? uploads.get().taken(key, wal.state(), this::isDamaged) == OwnUploads.Taken.SAME
                : inspector
                        .wal(key)
                        .filter(there -> there.salts().equals(wal.salts()))
                        .isPresent();
    }

    /** Whether nothing is lost if a WAL is replaced, whatever it stood for. */
    boolean isDamagedWal(String key) throws IOException {
        return uploads.isPresent()
                ? uploads.get().taken(key, Optional.empty(), this::isDamaged) == OwnUploads.Taken.DAMAGED
                : isDamaged(key);
    }

    private boolean isDamaged(String key) throws IOException {
        return inspector.wal(key).isEmpty();
    }

    /**
     * Whether an object holds what an image holds; false if it is damaged.
     *
     * @throws ReplicaException.Foreign if it holds another state
     */
    boolean bySnapshotOf(DatabaseImage image, String key) throws IOException {
        Proof ours = image.proof();
        if (uploads.isPresent()) {
            return switch (uploads.get().taken(key, Optional.of(ours), this::isDamaged)) {
                case SAME -> true;
                case DAMAGED -> false;
                case OTHER, WITHOUT_STATE -> throw foreign(key);
            };
        }
        OptionalLong checksum = inspector.databaseChecksum(key);
        if (checksum.isPresent() && checksum.getAsLong() != ours.databaseChecksum()) {
            throw foreign(key);
        }
        return checksum.isPresent();
    }

    private ReplicaException.Foreign foreign(String key) {
        return new ReplicaException.Foreign(inspector.files().store().location(), key);
    }
}
