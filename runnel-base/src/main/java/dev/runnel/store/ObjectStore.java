package dev.runnel.store;

import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Immutable named blobs. Keys are relative, with {@code /} between parts, none empty, {@code .} or {@code ..}, and do
 * not end in {@code .tmp}; {@link ObjectKeys} refuses others with an {@link IllegalArgumentException}.
 *
 * <p>Every method blocks, may be called from any thread, and fails with a {@link StoreException}. Each says what calling
 * it again means. Retrying, encryption, throttling and counting are decorators.
 */
public interface ObjectStore {
    /**
     * The objects whose keys start with a prefix, and come after a key if one is given, in no order; lazily, so close it.
     * A listing that cannot be completed fails with an {@link java.io.UncheckedIOException} around a StoreException; it
     * never just ends. Objects in the making are not listed.
     */
    Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException;

    /**
     * Bytes of an object. A range that reaches beyond the end gives what is there.
     *
     * @throws StoreException.NotFound if there is no such object
     */
    InputStream open(String key, ByteRange range) throws StoreException;

    /** Looks one object up, empty if there is none. */
    Optional<ObjectInfo> stat(String key) throws StoreException;

    /**
     * Stores an object: whole under its key, or not at all. The body may be written several times, once per attempt; an
     * attempt that failed leaves nothing. Calling put again with the same body is safe.
     *
     * @throws StoreException.Exists if the options say {@code onlyIfAbsent} and the key is taken
     * @throws StoreException.BodyFailed if the body failed, which is no fault of the store
     */
    ObjectInfo put(String key, Body body, PutOptions options) throws StoreException;

    /** Deletes objects; absent ones are fine. A failure names those that may still be there. */
    void delete(Collection<String> keys) throws StoreException;

    /** Where this store is, for messages: a URL or path without secrets. */
    String location();
}
