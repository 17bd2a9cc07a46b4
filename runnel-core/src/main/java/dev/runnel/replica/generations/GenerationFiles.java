package dev.runnel.replica.generations;

import dev.runnel.replica.ReplicaException;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads the objects of a replica, and names them in errors. */
record GenerationFiles(ObjectStore store) {
    private static final String NEXT_STEP =
            "The file is damaged or not what it should be; use another copy of it, or restore a point before it.";

    /** What is done with the data of an object. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Lz4FrameInput data) throws IOException;
    }

    /** Reads an object; a frame that is not whole is an error that names it. */
    <T> T read(String key, Reader<T> reader) throws IOException {
        try (InputStream in = open(key);
                Lz4FrameInput data = new Lz4FrameInput(in)) {
            return reader.read(data);
        } catch (Lz4FrameException | StoreException.Damaged e) {
            throw damaged(key, e);
        }
    }

    /** How many bytes an object holds, uncompressed. */
    long length(String key) throws IOException {
        return read(key, data -> data.transferTo(OutputStream.nullOutputStream()));
    }

    /** The bytes as they are stored. */
    InputStream open(String key) throws IOException {
        try {
            return store.open(key, ByteRange.ALL);
        } catch (StoreException.NotFound e) {
            throw new ReplicaException.Vanished(source(key), e);
        }
    }

    /** The error for a frame that is not whole, or for damage that the store itself has found. */
    ReplicaException.Damaged damaged(String key, IOException fault) {
        return fault instanceof StoreException.Damaged found
                ? new ReplicaException.Damaged(key, found.reason(), found.nextStep(), found)
                : new ReplicaException.Damaged(key, source(key) + ": " + fault.getMessage(), NEXT_STEP, fault);
    }

    /** The error for what is wrong with an object, in words that follow its name and a colon. */
    ReplicaException.Damaged damaged(String key, String what) {
        return new ReplicaException.Damaged(key, source(key) + ": " + what, NEXT_STEP, null);
    }

    private String source(String key) {
        return store.location() + "/" + key;
    }
}
