package dev.runnel.replica.generations;

import dev.runnel.replica.ObjectSink;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.generations.GenerationObject.Segment;
import dev.runnel.replica.generations.GenerationObject.Snapshot;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.util.Optional;

/** Reads the objects of a generation from end to end, whether a restore would need them or not. */
final class GenerationScan {
    private final GenerationFiles files;
    private final ObjectSink sink;

    /** The frames of the WAL that is being read, as long as every segment of it was whole. */
    private Optional<WalFrames> wal = Optional.empty();

    GenerationScan(GenerationFiles files, ObjectSink sink) {
        this.files = files;
        this.sink = sink;
    }

    /** What is done with one object. */
    private interface Reading {
        void run() throws IOException;
    }

    void read(Generation generation) throws IOException {
        for (Snapshot snapshot : generation.snapshots()) {
            read(snapshot, () -> readToEnd(snapshot));
        }
        for (Segment segment : generation.segments()) {
            read(segment, () -> readToEnd(segment));
        }
    }

    private void read(GenerationObject object, Reading reading) throws IOException {
        try {
            reading.run();
            sink.intact(object.key(), object.size());
        } catch (ReplicaException.Damaged e) {
            wal = Optional.empty();
            sink.damaged(e);
        } catch (StoreException.Encryption e) {
            wal = Optional.empty();
            sink.damaged(new ReplicaException.Damaged(object.key(), e.reason(), e.nextStep(), e));
        } catch (ReplicaException.Vanished _) {
            // Retention was faster.
            wal = Optional.empty();
        }
    }

    private void readToEnd(Snapshot snapshot) throws IOException {
        try (SnapshotInput input = SnapshotInput.open(files, snapshot.key())) {
            if (!input.isEmpty()) {
                input.header();
            }
            while (input.next().length > 0) {}
        }
    }

    /** Of a segment that follows a damaged one in its WAL, only the checksum of its own LZ4 frame can be verified. */
    private void readToEnd(Segment segment) throws IOException {
        String key = segment.key();
        if (segment.offset() == 0) {
            wal = Optional.of(WalFrames.ofFirst(files, key));
        } else if (wal.isEmpty()) {
            files.length(key);
        } else {
            WalFrames frames = wal.get();
            if (frames.end() != segment.offset()) {
                throw files.damaged(key, "the segment before it ends at " + frames.end());
            }
            frames.skip(key);
        }
    }
}
