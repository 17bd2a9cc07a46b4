package dev.runnel.store;

import java.util.Optional;

/**
 * One attempt to store an object, by which the object is recognised later without understanding a byte of it.
 *
 * @param size of the object as it is stored, in bytes
 * @param start {@link Digests} of its first bytes: an encrypted object starts with a key of its own, so no two have one start
 * @param end of its last bytes
 * @param whole of all its bytes
 * @param label as it was given when it was stored
 */
public record Upload(long size, String start, String end, String whole, Optional<PutOptions.Label> label) {}
