package dev.runnel.replica.generations;

import dev.runnel.ltx.Proof;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.inventory.ContentReader;
import dev.runnel.replica.inventory.Finding;
import dev.runnel.replica.inventory.HistoryObject;
import dev.runnel.store.ByteRange;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads snapshots and segments of a generation of Runnel's to see whether they are what their names say.
 *
 * @param lineage the writer, which the generation is named by
 */
record GenerationReader(GenerationFiles files, long lineage) implements ContentReader {
    /** The end mark of an LZ4 frame and the checksum after it. */
    private static final int FRAME_END = 8;

    private static final byte[] END_MARK = new byte[4];

    @Override
    public Finding readWhole(HistoryObject object) throws IOException {
        try {
            return object.isSnapshot() ? readSnapshot(object.key()) : readSegment(object.key());
        } catch (StoreException.Encryption _) {
            return Finding.UNRECOGNISED;
        }
    }

    @Override
    public Finding readEnds(HistoryObject object) throws IOException {
        try {
            return readStartAndEnd(object);
        } catch (StoreException.Encryption _) {
            return Finding.UNRECOGNISED;
        }
    }

    private Finding readStartAndEnd(HistoryObject object) throws IOException {
        Optional<Finding> start = object.isSnapshot() ? startOfSnapshot(object.key()) : startOfSegment(object.key());
        if (start.isPresent() && !hasEnd(object)) {
            return Finding.CUT_OR_CHANGED;
        }
        return start.isPresent() ? start.get() : damaged(object.key());
    }

    /** Objects of this layout do not repeat what their names say; one that begins as they do was one of them. */
    private Finding damaged(String key) throws IOException {
        try (InputStream in = files.store().open(key, new ByteRange(0, Lz4FrameInput.MAGIC_SIZE))) {
            return Lz4FrameInput.isMagic(in.readNBytes(Lz4FrameInput.MAGIC_SIZE))
                    ? Finding.CUT_OR_CHANGED
                    : Finding.NOTHING;
        } catch (StoreException.NotFound | StoreException.Damaged e) {
            return Finding.NOTHING;
        }
    }

    private Finding readSegment(String key) throws IOException {
        Optional<GenerationsInspector.Wal> wal = new GenerationsInspector(files).wal(key);
        if (wal.isPresent()) {
            return Finding.whole(proof(wal.get().salts()));
        }
        return damaged(key);
    }

    private Finding readSnapshot(String key) throws IOException {
        OptionalLong checksum = new GenerationsInspector(files).databaseChecksum(key);
        if (checksum.isPresent()) {
            return Finding.whole(Optional.of(new Proof(checksum.getAsLong(), lineage)));
        }
        return damaged(key);
    }

    /** The finding if the rest is as it must be, too; empty if not even the header of a WAL is there. */
    private Optional<Finding> startOfSegment(String key) throws IOException {
        try {
            WalSalts salts = files.read(
                    key, data -> WalSalts.of(WalFrames.start(files, key, data).header()));
            return Optional.of(Finding.ends(proof(salts)));
        } catch (ReplicaException.Damaged | ReplicaException.Vanished e) {
            return Optional.empty();
        }
    }

    private Optional<Finding> startOfSnapshot(String key) throws IOException {
        try (SnapshotInput snapshot = SnapshotInput.open(files, key)) {
            if (!snapshot.isEmpty()) {
                snapshot.header();
            }
            return Optional.of(Finding.ends(Optional.empty()));
        } catch (ReplicaException.Damaged | ReplicaException.Vanished e) {
            return Optional.empty();
        }
    }

    private boolean hasEnd(HistoryObject object) throws IOException {
        if (object.size() < Lz4FrameOutput.SMALLEST) {
            return false;
        }
        ByteRange range = new ByteRange(object.size() - FRAME_END, FRAME_END);
        try (InputStream in = files.store().open(object.key(), range)) {
            byte[] end = in.readNBytes(FRAME_END);
            return end.length == FRAME_END && Arrays.equals(end, 0, END_MARK.length, END_MARK, 0, END_MARK.length);
        } catch (StoreException.NotFound | StoreException.Damaged e) {
            return false;
        }
    }

    /** A WAL that stands for no state has none. */
    private Optional<Proof> proof(WalSalts salts) {
        return salts.isFiller() ? Optional.empty() : Optional.of(new Proof(salts.databaseChecksum(), lineage));
    }
}
