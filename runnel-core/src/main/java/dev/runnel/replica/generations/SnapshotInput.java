package dev.runnel.replica.generations;

import dev.runnel.replica.ReplicaException;
import dev.runnel.sqlite.DatabaseHeader;
import dev.runnel.store.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** A snapshot, read from front to back in chunks of whole pages. */
final class SnapshotInput implements Closeable {
    /** A multiple of every page size; enough to spread the work over several threads. */
    private static final int CHUNK_SIZE = 1 << 20;

    private final GenerationFiles files;
    private final String key;
    private final InputStream stored;
    private final Lz4FrameInput data;
    private final byte[] first;
    private boolean begun;

    private SnapshotInput(GenerationFiles files, String key, InputStream stored) throws IOException {
        this.files = files;
        this.key = key;
        this.stored = stored;
        this.data = new Lz4FrameInput(stored);
        this.first = data.readNBytes(CHUNK_SIZE);
    }

    static SnapshotInput open(GenerationFiles files, String key) throws IOException {
        InputStream stored = files.open(key);
        try {
            return new SnapshotInput(files, key, stored);
        } catch (Lz4FrameException | StoreException.Damaged e) {
            stored.close();
            throw files.damaged(key, e);
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    /** Whether it is of a database without a page. */
    boolean isEmpty() {
        return first.length == 0;
    }

    /** The header of the database in it. */
    DatabaseHeader header() throws ReplicaException.Damaged {
        return Optional.of(first)
                .flatMap(bytes ->
                        DatabaseHeader.parse(Arrays.copyOf(bytes, Math.min(bytes.length, DatabaseHeader.SIZE))))
                .orElseThrow(() -> files.damaged(key, "it does not hold a SQLite database"));
    }

    /** The next chunk; an empty one at the end, when the snapshot is known to be whole. */
    byte[] next() throws IOException {
        if (!begun) {
            begun = true;
            return first;
        }
        try {
            return data.readNBytes(CHUNK_SIZE);
        } catch (Lz4FrameException | StoreException.Damaged e) {
            throw files.damaged(key, e);
        }
    }

    /** Stored bytes read so far. */
    long consumed() {
        return data.consumed();
    }

    ReplicaException.Damaged damaged(String what) {
        return files.damaged(key, what);
    }

    @Override
    public void close() throws IOException {
        try (stored) {
            data.close();
        }
    }
}
